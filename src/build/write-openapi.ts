import { readFile, writeFile } from "node:fs/promises";
import { openApiDocument } from "./openapi.ts";

const root = new URL("../../", import.meta.url);

/** Where the document is kept: checked in, and bundled into the function. */
export const openApiFile = new URL("src/http/openapi.json", root);

/** The document as it should be in the file. */
export async function currentOpenApi(): Promise<string> {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL("package.json", root), "utf8"),
  );
  return `${JSON.stringify(openApiDocument(manifest.version), null, 1)}\n`;
}

export async function writeOpenApi(): Promise<void> {
  await writeFile(openApiFile, await currentOpenApi());
}
