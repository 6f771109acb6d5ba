import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
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
  const paths = (await pathsIn(publishFolder, "/")).filter((path) => isSelected(path, selection)).sort();
  const images: Record<string, string> = {};
  for (const path of paths) images[path] = await digestOf(join(publishFolder, path));
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

async function pathsIn(publishFolder: string, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(publishFolder, folder), { withFileTypes: true })) {
    const { name } = entry;
    if (!isPublished(name)) continue;
    const path = `${folder}${name}`;
    if (entry.isDirectory()) paths.push(...(await pathsIn(publishFolder, `${path}/`)));
    else if (entry.isFile() || (await isLinkToFile(join(publishFolder, path)))) paths.push(path);
  }
  return paths;
}

function isPublished(name: string): boolean {
  return (!name.startsWith(".") || name === ".well-known") && name !== "node_modules" && name !== "__MACOSX";
}

/** A link to a folder may lead round in a circle, and is not followed. */
async function isLinkToFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("base64url").slice(0, digestLength);
}
