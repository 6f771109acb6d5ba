import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod/mini";

/** The images that a deploy publishes: for each path on the site, a digest of the file. */
export type ImageManifest = { readonly images: Readonly<Record<string, string>> };

/** The manifest's place in the publish folder, and its path on the site. */
export const manifestFile = "purge-desk-images.json";

/** 128 bits tell any two images apart, and keep the file small. */
const digestLength = 22;

/** Which files belong into the manifest. */
export type Selection = { readonly folder: string; readonly isImage: (path: string) => boolean };

/** Reads the images of a publish folder; whatever Netlify does not publish (dot files, node_modules) is left out. */
export async function readImages(publishFolder: string, selection: Selection): Promise<ImageManifest> {
  const paths: string[] = [];
  for await (const path of pathsIn(publishFolder, "/")) if (isSelected(path, selection)) paths.push(path);
  const images: Record<string, string> = {};
  for (const path of paths.sort()) images[path] = await digestOf(join(publishFolder, path));
  return { images };
}

export function isSelected(path: string, { folder, isImage }: Selection): boolean {
  return path.startsWith(folder) && isImage(path);
}

/** The same images always give the same text. */
export function writeManifest({ images }: ImageManifest): string {
  return `${JSON.stringify({ version: 1, images }, undefined, 1)}\n`;
}

const schema = z.object({ version: z.literal(1), images: z.record(z.string(), z.string()) });

/** Undefined if the text is no manifest of this version. */
export function parseManifest(text: string): ImageManifest | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Follows links to files and to folders. `within` are the real paths of this folder and those around it: a link to one of
 * them leads round in a circle.
 */
async function* pathsIn(
  publishFolder: string,
  folder: string,
  within: readonly string[] = [],
): AsyncGenerator<string> {
  const here = await realpath(join(publishFolder, folder));
  if (within.includes(here)) return;
  for (const entry of await readdir(here, { withFileTypes: true })) {
    if (!isPublished(entry.name)) continue;
    const path = `${folder}${entry.name}`;
    const found = entry.isSymbolicLink() ? await targetOf(join(here, entry.name)) : entry;
    if (found?.isDirectory()) yield* pathsIn(publishFolder, `${path}/`, [...within, here]);
    else if (found?.isFile()) yield path;
  }
}

function isPublished(name: string): boolean {
  return (!name.startsWith(".") || name === ".well-known") && name !== "node_modules" && name !== "__MACOSX";
}

/** Undefined if nothing is there. */
async function targetOf(link: string): Promise<Stats | undefined> {
  return stat(link).catch(() => undefined);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("base64url").slice(0, digestLength);
}
