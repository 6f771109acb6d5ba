import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

/** The app under workerd, listening on a loopback port of its own. */
export type Worker = { readonly url: string; readonly close: () => Promise<void> };

/** Bundles the app for workerd, as the deployed function is bundled for Node, and starts it with these settings. */
export async function startWorker(
  bindings: Readonly<Record<string, string>>,
  entry: "worker.ts" | "client-worker.ts" = "worker.ts",
): Promise<Worker> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser", "import"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
  });
  const miniflare = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? "",
    // No `nodejs_compat`: what is of Node is not there.
    compatibilityDate: "2025-09-01",
    bindings: { ...bindings },
    cf: false,
    // What it logs is read away: one JSON line an event.
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) =>
      void Promise.all([text(stdout), text(stderr)]),
  });
  const { href } = await miniflare.ready;
  return { url: href.replace(/\/$/, ""), close: () => miniflare.dispose() };
}
