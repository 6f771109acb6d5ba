import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { bundleFunctions } from "../../src/build/bundle.ts";
import { type Figure, judged } from "./figure.ts";
import { median } from "./statistics.ts";
import type { Workbench } from "./workbench.ts";

const rounds = 21;

/** The deployed functions' bytes, and the API's import in a fresh process beside that of an empty module. */
export async function functionSize({ settings }: Workbench): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-bench-"));
  const from = fileURLToPath(new URL("../../netlify/functions/", import.meta.url));
  const bundles = await bundleFunctions({ from, to: folder });
  await writeFile(join(folder, "empty.mjs"), "export default () => new Response();\n");

  const api: ColdImport[] = [];
  const empty: ColdImport[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(await coldImport(join(folder, "empty.mjs"), settings));
    api.push(await coldImport(join(folder, "api.mjs"), settings));
  }
  await rm(folder, { recursive: true });
  const cpuMs = (imports: readonly ColdImport[]) => median(imports.map((one) => one.cpuMs));
  const wallMs = (imports: readonly ColdImport[]) => median(imports.map((one) => one.wallMs)).toFixed(0);
  const onTop = cpuMs(api) - cpuMs(empty);
  return [
    ...bundles.map(({ name, bytes }) =>
      judged(
        `function ${name}, bundled and minified`,
        `${(bytes / 1_000).toFixed(1)} kB`,
        "<= 250 kB",
        bytes <= 250_000,
      ),
    ),
    judged(
      "the API's cold import on top of an empty module's, CPU",
      `${onTop.toFixed(1)} ms (${cpuMs(api).toFixed(1)} - ${cpuMs(empty).toFixed(1)}; by the clock ${wallMs(api)} - ${wallMs(empty)})`,
      "<= 25 ms",
      onTop <= 25,
    ),
  ];
}

/** Told by the process itself, from before the import to after it; an API function has its services by then. */
const ColdImport = z.object({ cpuMs: z.number(), wallMs: z.number() });
type ColdImport = Readonly<z.infer<typeof ColdImport>>;

/** CPU time decides: what else the machine does does not count in it. */
async function coldImport(path: string, env: Readonly<Record<string, string>>): Promise<ColdImport> {
  const script = `const cpu = process.cpuUsage(), began = performance.now();
await import(${JSON.stringify(pathToFileURL(path).href)});
const wallMs = performance.now() - began, { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  return ColdImport.parse(JSON.parse(stdout));
}
