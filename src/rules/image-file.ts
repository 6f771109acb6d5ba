const images =
  "ai apng avif bmp cr2 cr3 dng eps gif heic heif ico jfif jp2 jpeg jpg jxl nef png psd raf svg tif tiff webp";
const videos = "avi flv m4v mkv mov mp4 mpeg mpg ogv webm wmv";
const documents = "pdf";

/**
 * Extensions of what a shop serves through ImageKit. A name that ends in one counts as complete, so that
 * `shoe.jpg*` names one file; `v1.2` and `a` may be the beginning of other names.
 */
const extensions: ReadonlySet<string> = new Set([images, videos, documents].join(" ").split(" "));

/** Whether a path ends in the complete name of a file, so that a wildcard behind it reaches no other file. */
export function endsInKnownFile(path: string): boolean {
  const [, extension = ""] = /[^/]\.([a-z0-9]{2,4})$/iu.exec(path) ?? [];
  return extensions.has(extension.toLowerCase());
}
