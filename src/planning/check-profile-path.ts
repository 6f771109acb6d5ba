import { canonicalPath } from "../rules/canonical.ts";
import { endsInKnownFile } from "../rules/image-file.ts";
import { maximumUrlBytes } from "../rules/limits.ts";
import { hasDotSegment, partsOfPath } from "../rules/path.ts";
import { quote } from "../rules/quote.ts";
import { upperCaseEscapes } from "./match-profile.ts";

/**
 * The path of a profile as it is stored: a folder after the URL endpoint, percent-encoded, with a final slash, so that
 * `/products/` does not match `/products-old/shoe.jpg`.
 */
export function checkProfilePath(written: string): { readonly path: string } | { readonly problem: string } {
  const text = written.trim();
  const problem = (message: string) => ({ problem: message });
  if (text === "") return problem("Write a folder, such as /products/, or / for all images.");
  if (text.length > maximumUrlBytes)
    return problem(`Shorten the path: the limit is ${maximumUrlBytes} characters.`);
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return problem("Remove the control characters from the path.");
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(text)) {
    return problem("Write only the part after the URL endpoint, such as /products/.");
  }
  if (!text.startsWith("/")) return problem(`Begin the path with /: ${quote(`/${text}`)}.`);
  const [mark] = /[?#*\\]/u.exec(text) ?? [];
  if (mark !== undefined) {
    return problem(
      `Remove the ${mark}: a path is a folder, such as /products/, and matches everything in it.`,
    );
  }
  if (hasDotSegment(text)) return problem('Write the path without the segments "." and "..".');
  if (text.includes("//")) return problem(`Write one slash: ${quote(text.replace(/\/+/gu, "/"))}.`);
  const [slash] = /%(?:25)*(?:2f|5c)/iu.exec(text) ?? [];
  if (slash !== undefined) return problem(`Write / instead of ${slash}.`);
  const [transformation] = partsOfPath(text).transformations;
  if (transformation !== undefined) {
    return problem(
      `Move ${quote(transformation)} to the transformations: a path is a folder, such as /products/.`,
    );
  }
  if (endsInKnownFile(text)) {
    return problem(
      `Write the folder, ${quote(text.slice(0, text.lastIndexOf("/") + 1))}, instead of one file.`,
    );
  }
  return { path: upperCaseEscapes(canonicalPath(text.endsWith("/") ? text : `${text}/`)) };
}
