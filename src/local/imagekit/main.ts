import { parseArgs } from "node:util";
import * as z from "zod";
import { controlUsage } from "./control-api.ts";
import { startSimulatedImageKit } from "./simulated-imagekit.ts";

/** The simulated ImageKit as a program of its own: `npm run imagekit -- --port 8889`. */

const usage = `usage: npm run imagekit -- [options]
  --port 8889         0 takes any free one        (SIMULATED_IMAGEKIT_PORT)
  --key private_…     the only accepted API key   (SIMULATED_IMAGEKIT_KEY)
  --pending-ms 3000   or 1000-5000, or never      (SIMULATED_IMAGEKIT_PENDING_MS)
  --quota 1000        or none                     (SIMULATED_IMAGEKIT_QUOTA)
  --help`;

const Options = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(8889),
  key: z.string().min(1).default("private_simulated"),
  "pending-ms": z
    .union([
      z.literal("never"),
      z
        .string()
        .regex(/^\d{1,8}$/)
        .transform(Number),
      z
        .string()
        .regex(/^\d{1,8}-\d{1,8}$/)
        .transform((range) => {
          const [minMs = 0, maxMs = 0] = range.split("-").map(Number);
          return { minMs, maxMs };
        }),
    ])
    .default(3_000),
  quota: z
    .union([
      z.literal("none"),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .default(1_000),
});

try {
  await main();
} catch (error) {
  console.error(complaint(error));
  process.exitCode = isWrongUsage(error) ? 2 : 1;
}

async function main(): Promise<void> {
  const { help, ...flags } = parseArgs({
    options: {
      port: { type: "string" },
      key: { type: "string" },
      "pending-ms": { type: "string" },
      quota: { type: "string" },
      help: { type: "boolean" },
    },
  }).values;
  if (help) return console.log(usage);
  const {
    SIMULATED_IMAGEKIT_PORT,
    SIMULATED_IMAGEKIT_KEY,
    SIMULATED_IMAGEKIT_PENDING_MS,
    SIMULATED_IMAGEKIT_QUOTA,
  } = process.env;
  const fromEnvironment = {
    port: SIMULATED_IMAGEKIT_PORT,
    key: SIMULATED_IMAGEKIT_KEY,
    "pending-ms": SIMULATED_IMAGEKIT_PENDING_MS,
    quota: SIMULATED_IMAGEKIT_QUOTA,
  };
  const { port, key, "pending-ms": pendingMs, quota } = Options.parse({ ...fromEnvironment, ...flags });

  const imagekit = await startSimulatedImageKit({ port, privateKey: key, settings: { pendingMs, quota } });
  console.log(`Simulated ImageKit  ${imagekit.url}
Private key         ${imagekit.privateKey}
Quota               ${quota} purges, Pending for ${JSON.stringify(pendingMs)} ms
Try it              curl -u ${imagekit.privateKey}: -H 'Content-Type: application/json' -d '{"url":"https://ik.imagekit.io/demo/a.jpg"}' ${imagekit.url}/v1/files/purge

Control, without a key:
  ${controlUsage.join("\n  ")}

Ctrl-C ends it.`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void imagekit.close());
}

function complaint(error: unknown): string {
  if (error instanceof z.ZodError) return `${z.prettifyError(error)}\n\n${usage}`;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  const port = "port" in error ? error.port : undefined;
  if (code === "EADDRINUSE")
    return `Port ${port} is in use. Choose another with --port, or 0 for any free one.`;
  if (code === "EACCES") return `Port ${port} is not for ordinary users. Choose one above 1023 with --port.`;
  return isWrongUsage(error) ? `${error.message}\n\n${usage}` : error.message;
}

function isWrongUsage(error: unknown): boolean {
  if (error instanceof z.ZodError) return true;
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
