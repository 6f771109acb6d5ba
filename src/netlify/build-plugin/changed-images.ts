import { type ImageManifest, isSelected, type Selection } from "./image-manifest.ts";

/** What a deploy does to images that were published before; a new one is in no cache yet. */
export type ImageChanges = { readonly changed: readonly string[]; readonly gone: readonly string[] };

/**
 * Compares what is live with what replaces it. A renamed image is gone under its old path. What the site's settings no longer
 * select has not gone.
 */
export function changedImages(live: ImageManifest, next: ImageManifest, selection: Selection): ImageChanges {
  const changed: string[] = [];
  const gone: string[] = [];
  for (const [path, digest] of Object.entries(live.images)) {
    const now = Object.hasOwn(next.images, path) ? next.images[path] : undefined;
    if (now === digest || !isSelected(path, selection)) continue;
    (now === undefined ? gone : changed).push(path);
  }
  return { changed, gone };
}

/** The paths of which ImageKit may have old copies, whichever of these it took them from. */
export function staleImages(
  live: readonly ImageManifest[],
  next: ImageManifest,
  selection: Selection,
): readonly string[] {
  const paths = live.flatMap((each) => {
    const { changed, gone } = changedImages(each, next, selection);
    return [...changed, ...gone];
  });
  return [...new Set(paths)];
}

/** The path of an image on the site as Purge Desk takes it: at ImageKit, and spelled as in a URL. */
export function imagekitNameOf(
  path: string,
  { folder, imagekitPath }: { readonly folder: string; readonly imagekitPath: string },
): string {
  return imagekitPath + inUrl(path.slice(folder.length));
}

/** A path below a folder, or a folder without its first slash, spelled as in a URL. */
export function inUrl(path: string): string {
  const escaped = path.replace(/[%?#\\]/g, encodeURIComponent);
  return new URL(`https://site/${escaped}`).pathname.slice(1);
}
