import { withoutTrailing } from "../domain/trailing.ts";
import { normalisationCodes, type Rejection, type Violation, warningOf } from "../domain/verdict.ts";
import { findUrls } from "./find-urls.ts";
import { maximumUrlBytes } from "./limits.ts";
import { type ImageName, type Naming, nameByPath, originalOf, refusalsOf } from "./name-image.ts";
import { maskSignature } from "./signed-url.ts";
import { isWebScheme, splitUrl, type UrlParts } from "./split-url.ts";
import { readLine } from "./target.ts";
import { matchEndpoint, type UrlEndpoint, urlOf } from "./url-endpoint.ts";

export type ImageReading = { readonly name: ImageName } | { readonly violations: readonly Violation[] };

/**
 * Reads a line that names an image: the path of the original after the URL endpoint, or any URL under an endpoint that
 * is made of it. Either the image, or every violation, with a line that would pass where there is one.
 */
export function readImage(input: string, endpoints: readonly UrlEndpoint[]): ImageReading {
  const naming = nameImage(input, endpoints);
  if ("name" in naming) return naming;
  return {
    violations: naming.rejections.map(({ repairs, ...rejection }) => ({
      ...rejection,
      suggestion: suggestionOf(repairs, endpoints),
    })),
  };
}

function nameImage(input: string, endpoints: readonly UrlEndpoint[]): Naming {
  const line = input.trim();
  if (line === "") return notAnImage("Write an image on the line: it is empty.");
  const split = splitUrl(line);
  const naming = /^\/(?!\/)/u.test(line)
    ? nameByPath(line)
    : "parts" in split && isWebScheme(split.parts.scheme)
      ? nameByUrl(line, split.parts, endpoints)
      : nameByText(line, endpoints);
  if (line === input || !("name" in naming)) return naming;
  const trimmed = warningOf("whitespace-trimmed", "White space around the image is removed.");
  return { name: { ...naming.name, warnings: [trimmed, ...naming.name.warnings] } };
}

function nameByUrl(line: string, parts: UrlParts, endpoints: readonly UrlEndpoint[]): Naming {
  if (parts.path.includes("*") || line.endsWith("*")) {
    return notAnImage(
      "Name one file, without *: everything that is made of it is cleared. To clear a folder, write its wildcard as a URL.",
      withoutTrailing(line, "*"),
      ...findUrls(line.slice(0, maximumUrlBytes), endpoints).map(({ url }) => url.replace(/\*$/u, "")),
    );
  }
  const reading = readLine(line, endpoints);
  if ("violations" in reading) return { rejections: reading.violations.map(toRefusal) };
  const { url } = reading.target;
  const sent = splitUrl(url);
  const endpoint =
    "parts" in sent ? matchEndpoint(sent.parts.authority, sent.parts.path, endpoints) : undefined;
  if (!("parts" in sent) || endpoint === undefined) return notAnImage("Write a URL of the image.");

  // The rules make sure that the path as written is under the same endpoint.
  const base = `${sent.parts.scheme}://${endpoint.host}${endpoint.path}`;
  const rejections = refusalsOf(parts.path.slice(endpoint.path.length));
  if (rejections.length > 0) {
    const behindBase = (lines: readonly string[]) => lines.map((path) => base + path);
    return {
      rejections: rejections.map((rejection) => ({
        ...rejection,
        repairs: rejection.repairs?.map(behindBase),
      })),
    };
  }
  const path = originalOf(sent.parts.path.slice(endpoint.path.length));
  const warnings = reading.warnings.filter(
    ({ code }) => code !== "whitespace-trimmed" && (isNormalisation(code) || code === "mark-in-name"),
  );
  return { name: { path, endpoint: base, given: url.slice(base.length), warnings } };
}

/** A path to a file, with something before it. */
const pathInside = /[\s"'`(<[:=](\/[^/\s"'`<>][^\s"'`<>]*\.[a-z0-9]{2,4})/iu;
/** `products/shoe.jpg` or `shoe.jpg`, but not `shop.example/shoe.jpg`. */
const pathWithoutSlash = /^\/*[\w@+%~-]+(?:\/[^\s"'`<>]*)?(?:\.[a-z0-9]{2,4})$/iu;

/** Neither a path nor a URL as it stands: there is more on the line, or something is missing. */
function nameByText(line: string, endpoints: readonly UrlEndpoint[]): Naming {
  const isShort = line.length <= maximumUrlBytes;
  const isUrl = isShort && (/^[a-z][a-z0-9+.-]*:(?!\s)/iu.test(line) || findUrls(line, endpoints).length > 0);
  const reading = isUrl ? readLine(line, endpoints) : undefined;
  if (reading !== undefined && "violations" in reading)
    return { rejections: reading.violations.map(toRefusal) };
  const [, inside] = (isShort && pathInside.exec(line)) || [];
  const [whole] = (isShort && pathWithoutSlash.exec(line)) || [];
  return notAnImage(
    "Write only the path of a file after the URL endpoint, beginning with /, as in /products/shoe.jpg, or a URL of it.",
    ...(inside === undefined ? [] : [inside]),
    ...(whole === undefined ? [] : [`/${whole.replace(/^\/{1,9}/u, "")}`]),
  );
}

function isNormalisation(code: string): boolean {
  return normalisationCodes.some((one) => one === code);
}

function toRefusal({ suggestion, ...violation }: Violation): Rejection {
  return suggestion === undefined ? violation : { ...violation, repairs: [suggestion.split("\n")] };
}

function notAnImage(message: string, ...repairs: readonly string[]): Naming {
  return { rejections: [{ code: "not-an-image", message, repairs: repairs.map((repair) => [repair]) }] };
}

/** The first repair whose lines all name an image without a caution, as they are understood; never a signed URL. */
function suggestionOf(
  repairs: Rejection["repairs"] = [],
  endpoints: readonly UrlEndpoint[],
): string | undefined {
  for (const lines of repairs) {
    const named = lines.map((line) => cleanlyNamed(line, endpoints));
    const all = named.filter((line) => line !== undefined);
    if (all.length > 0 && all.length === lines.length) return all.join("\n");
  }
  return undefined;
}

function cleanlyNamed(line: string, endpoints: readonly UrlEndpoint[]): string | undefined {
  const naming = nameImage(line, endpoints);
  const [first] = endpoints;
  if (!("name" in naming) || first === undefined) return undefined;
  const { path, endpoint = urlOf("https", first), given } = naming.name;
  const reading = readLine(endpoint + path, endpoints);
  const isClean = "target" in reading && reading.warnings.every(({ severity }) => severity === "note");
  // A transformation that was given is a target too, and may hide a ".." that its original does not have.
  const isRefused = "violations" in readLine(endpoint + given, endpoints);
  const text = (naming.name.endpoint ?? "") + given;
  return isClean && !isRefused && maskSignature(text) === text ? text : undefined;
}
