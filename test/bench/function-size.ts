import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { bundleFunctions } from "../../src/build/bundle.ts";
import { type Figure, judged } from "./figure.ts";
import { median } from "./statistics.ts";
import type { Workbench } from "./workbench.ts";

const rounds = 21;

/** The deployed API function: its bytes, and its import in a fresh process beside that of an empty module. */
export async function functionSize({ settings }: Workbench): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-bench-"));
  const from = fileURLToPath(new URL("../../netlify/functions/", import.meta.url));
  const bundles = await bundleFunctions({ from, to: folder });
  const bytes = bundles.find(({ name }) => name === "api")?.bytes ?? Number.NaN;
  await writeFile(join(folder, "empty.mjs"), "export default () => new Response();\n");

  const api: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(await coldImportMs(join(folder, "empty.mjs"), settings));
    api.push(await coldImportMs(join(folder, "api.mjs"), settings));
  }
  await rm(folder, { recursive: true });
  const onTop = median(api) - median(empty);
  return [
    judged(
      "API function, bundled and minified",
      `${(bytes / 1_000).toFixed(1)} kB`,
      "<= 250 kB",
      bytes <= 250_000,
    ),
    judged(
      "its cold import on top of an empty module's",
      `${onTop.toFixed(1)} ms (${median(api).toFixed(1)} - ${median(empty).toFixed(1)}, ${rounds} processes each)`,
      "<= 25 ms",
      onTop <= 25,
    ),
  ];
}

/** Milliseconds from before the import to after it, services constructed, told by the process itself. */
async function coldImportMs(path: string, env: Readonly<Record<string, string>>): Promise<number> {
  const script = `const began = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)});
console.log(performance.now() - began);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  return Number(stdout);
}
