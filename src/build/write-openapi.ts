import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { makeOpenApiDocument } from "./openapi.ts";

const root = new URL("../../", import.meta.url);

/** The document is checked in twice: to be read and linted, and packed, as the function carries it. */
export const openApiFiles = {
  readable: new URL("src/http/openapi/openapi.json", root),
  packed: new URL("src/http/openapi/openapi.gz.json", root),
} as const;

/** The document as it should be. */
export async function currentOpenApi() {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL("package.json", root), "utf8"),
  );
  return makeOpenApiDocument(manifest.version);
}

/** Writes only what changed: zlib's versions pack the same text differently. */
export async function writeOpenApi(): Promise<void> {
  const document = await currentOpenApi();
  const readable = `${JSON.stringify(document, null, 1)}\n`;
  if ((await readFile(openApiFiles.readable, "utf8").catch(() => "")) === readable) return;
  const gzip = gzipSync(JSON.stringify(document), { level: 9 }).toString("base64");
  await writeFile(openApiFiles.readable, readable);
  await writeFile(openApiFiles.packed, `${JSON.stringify({ gzip })}\n`);
}
