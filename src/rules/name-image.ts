import { withoutTrailing } from "../domain/trailing.ts";
import { type Rejection, type Warning, warningOf } from "../domain/verdict.ts";
import { canonicalPath } from "./canonical.ts";
import { endsInKnownFile } from "./image-file.ts";
import { maximumUrlBytes } from "./limits.ts";
import { hasDotSegment, partsOfPath, resolveDotSegments } from "./path.ts";
import { withoutPlaceholders } from "./placeholders.ts";
import { quote } from "./quote.ts";

/** An original file, as a line names it. */
export type ImageName = {
  /** The path after the URL endpoint, canonical, without transformations: `/products/shoe.jpg`. */
  readonly path: string;
  /** The URL endpoint of the URL that was given, such as `https://ik.imagekit.io/demo`; absent if a path was given. */
  readonly endpoint?: string | undefined;
  /** Path and query that were given, after the endpoint, canonical: `/tr:w-400/products/shoe.jpg?v=2`. */
  readonly given: string;
  /** How the canonical form differs from the line. */
  readonly warnings: readonly Warning[];
};

/** What a line names, or why it names nothing. */
export type Naming = { readonly name: ImageName } | { readonly rejections: readonly Rejection[] };

/** `/ik-seo/shoe/red-shoe-for-summer.jpg` is made from `/shoe.jpg`. */
const seoName = /^\/ik-seo(\/.*[^/])\/[^/]+(\.[a-z0-9]{2,4})$/iu;

/** The path of the original that a path after the endpoint, without its query, is made of. */
export function originalOf(path: string): string {
  return partsOfPath(path).plain.replace(seoName, "$1$2");
}

/** Reads the path of an original after the URL endpoint, as it stands in a URL. */
export function nameByPath(line: string): Naming {
  const rejections = refusalsOf(line);
  if (rejections.length > 0) return { rejections };
  const given = canonicalPath(line);
  const encoded = warningOf(
    "percent-encoded",
    "Spaces and some other characters are percent-encoded, as browsers do.",
  );
  return { name: { path: originalOf(given), given, warnings: given === line ? [] : [encoded] } };
}

/** Why a path as written, without a query, names no image. */
export function refusalsOf(path: string): readonly Rejection[] {
  const rejections: Rejection[] = [];
  const refuse = (message: string, ...repairs: readonly string[]) =>
    rejections.push({ code: "not-an-image", message, repairs: repairs.map((repair) => [repair]) });

  if (path.length > maximumUrlBytes) {
    refuse(`Shorten the path: a URL may have ${maximumUrlBytes} bytes, and the path alone has more.`);
    return rejections;
  }
  const parts = path.split(/(?<=\.[a-z0-9]{2,4})(?:\s{0,9}[,;|]\s{0,9}|\s{1,9})(?=\/)/iu);
  if (parts.length > 1) {
    return [{ code: "several-urls", message: "Put each image on a line of its own.", repairs: [parts] }];
  }
  if (/\p{Cc}/u.test(path)) refuse("Remove the control character, such as a tab or a line break.");
  if (/\p{Cs}/u.test(path)) {
    refuse(
      "Write the path again: it contains half a character (a lone surrogate), which no URL can contain.",
    );
  }
  const [mark] = /[?#]/u.exec(path) ?? [];
  if (mark !== undefined) {
    const before = path.slice(0, path.indexOf(mark));
    const encoded = path.replaceAll("?", "%3F").replaceAll("#", "%23");
    const isInName = endsInKnownFile(path) && !endsInKnownFile(before);
    refuse(
      `Write only the path, without ${mark} and what follows it. If the ${mark} is part of the name, write ` +
        `${mark === "?" ? "%3F" : "%23"}.`,
      ...(isInName ? [encoded] : [before, encoded]),
    );
    return rejections;
  }
  if (path.includes("*")) {
    refuse(
      "Name one file, without *: everything that is made of it is cleared. To clear a folder, write its wildcard as a URL.",
      withoutTrailing(path, "*"),
    );
  }
  if (path.includes("\\")) refuse("Write / instead of the backslash.", path.replaceAll("\\", "/"));
  const [stray] = /[<>"]/u.exec(withoutPlaceholders(path)) ?? [];
  if (stray !== undefined) {
    refuse(
      `Remove the ${stray} and what does not belong to the path. If it is part of a name, percent-encode it.`,
    );
  }
  if (hasDotSegment(path)) {
    refuse('Write the path without the segments "." and "..".', resolveDotSegments(path));
  }
  const { plain } = partsOfPath(path);
  const [slash] = /%(?:25)*(?:2f|5c)/iu.exec(plain) ?? [];
  if (slash !== undefined) {
    refuse(
      `Write / instead of ${slash}: programs differ on whether an encoded slash separates folders.`,
      // In a transformation, an encoded slash is one.
      ...(plain === path ? [path.replace(/%(?:25)*(?:2f|5c)/giu, "/")] : []),
    );
  }
  if (/^\/*$/u.test(plain)) {
    refuse("Write the path of a file, such as /products/shoe.jpg: this is the URL endpoint itself.");
  } else if (plain.endsWith("/")) {
    refuse(
      `Write the path of a file, such as ${exampleIn(plain)}: ${quote(plain)} is a folder. To clear all of it, write its ` +
        "wildcard as a URL.",
    );
  } else if (/\/\.[^/]*$/u.test(plain) && endsInKnownFile(`x${plain.slice(plain.lastIndexOf("/") + 1)}`)) {
    refuse("Write the name of the file before its extension.");
  }
  return rejections;
}

function exampleIn(folder: string): string {
  return /^[\w/-]{1,40}$/u.test(folder) ? `${withoutTrailing(folder, "/")}/shoe.jpg` : "/products/shoe.jpg";
}
