import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import * as z from "zod";
import { bundleFiles, bundleFunctions } from "../../src/build/bundle.ts";
import { type Figure, information, withTarget } from "./figure.ts";
import { median } from "./statistics.ts";
import { token, type Workbench } from "./workbench.ts";

const rounds = 15;
const mostRatio = 1.35;

/**
 * What a caller of a cold function waits for: a new process imports the API function and answers `GET /api/budget` with
 * one script. The comparison is a bare Hono app with the same client and one EVAL, bundled in the same way. The figure is
 * the CPU time from before the import to the answer, so it contains neither other work of the machine nor the start of Node.
 */
export async function firstAnswer({ settings }: Workbench): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-bench-"));
  const bundles = await bundleFunctions({
    from: fileURLToPath(new URL("../../netlify/functions/", import.meta.url)),
    to: folder,
  });
  await bundleFiles([fileURLToPath(new URL("bare-function.ts", import.meta.url))], folder);

  const bare: FirstAnswer[] = [];
  const api: FirstAnswer[] = [];
  // The first run of each loads the script and warms the file cache, so it does not count.
  for (let round = 0; round <= rounds; round++) {
    const answers = [
      await answerCold(join(folder, "bare-function.mjs"), settings),
      await answerCold(join(folder, "api.mjs"), settings),
    ] as const;
    if (round === 0) continue;
    bare.push(answers[0]);
    api.push(answers[1]);
  }
  const sizes = await Promise.all(
    bundles.map(async ({ name, bytes, parts }) => {
      const zipped = gzipSync(await readFile(join(folder, `${name}.mjs`))).byteLength;
      const largest = parts.slice(0, 3).map((part) => `${part.file} ${kB(part.bytes)}`);
      return information(
        `function ${name}, gzipped`,
        `${kB(zipped)} (${kB(bytes)} before; ${largest.join(", ")})`,
      );
    }),
  );
  await rm(folder, { recursive: true });

  const cpuMs = (answers: readonly FirstAnswer[]) => median(answers.map((one) => one.cpuMs));
  const wallMs = (answers: readonly FirstAnswer[]) => median(answers.map((one) => one.wallMs)).toFixed(0);
  const ratio = cpuMs(api) / cpuMs(bare);
  return [
    withTarget(
      "first answer of a cold API function beside a bare one, CPU",
      `${ratio.toFixed(2)} x (${cpuMs(api).toFixed(0)} / ${cpuMs(bare).toFixed(0)} ms; by the clock ${wallMs(api)} / ${wallMs(bare)})`,
      `<= ${mostRatio} x`,
      ratio <= mostRatio,
    ),
    ...sizes,
  ];
}

const kB = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;

/** Measured by the process itself: CPU time and elapsed time, from before the import to the answer. */
const FirstAnswer = z.object({ cpuMs: z.number(), wallMs: z.number() });
type FirstAnswer = Readonly<z.infer<typeof FirstAnswer>>;

async function answerCold(path: string, env: Readonly<Record<string, string>>): Promise<FirstAnswer> {
  const script = `const cpu = process.cpuUsage(), began = performance.now();
const { default: answer } = await import(${JSON.stringify(pathToFileURL(path).href)});
const request = new Request("http://127.0.0.1/api/budget", { headers: { authorization: "Bearer ${token}" } });
const response = await answer(request, { requestId: "1", waitUntil() {} });
if (response.status !== 200) throw new Error(response.status + await response.text());
await response.text();
const wallMs = performance.now() - began, { user, system } = process.cpuUsage(cpu);
console.error(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs }));
process.exit(0);`;
  const { stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  return FirstAnswer.parse(JSON.parse(stderr));
}
