import { readFile, writeFile } from "node:fs/promises";
import { makeOpenApiDocument } from "./openapi.ts";

const root = new URL("../../", import.meta.url);

/** The document is checked in, so that changes to the API show in a diff and linters can read it. */
export const openApiFile = new URL("src/http/openapi/openapi.json", root);

/** The document that the routes describe now. */
export async function currentOpenApi() {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL("package.json", root), "utf8"),
  );
  return makeOpenApiDocument(manifest.version);
}

/** Leaves the file alone if it is up to date, so that file watchers stay quiet. */
export async function writeOpenApi(): Promise<void> {
  const text = `${JSON.stringify(await currentOpenApi(), null, 1)}\n`;
  if ((await readFile(openApiFile, "utf8").catch(() => "")) === text) return;
  await writeFile(openApiFile, text);
}
