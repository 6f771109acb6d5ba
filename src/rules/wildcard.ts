import {
  type Refusal,
  type Violation,
  type Warning,
  type WarningCode,
  warningOf,
} from "../domain/verdict.ts";
import { countPathTransformations, eagerReading, levels, withoutPathTransformations } from "./path.ts";
import { quote } from "./quote.ts";

const minimumLevels = 2;
const minimumCharacters = 15;
/** Magento's and Shopify's root folders: ImageKit never supports a wildcard for them (documented). */
const unsupportedFolders = ["/media/catalog/", "/s/files/"] as const;

const ways =
  "ImageKit accepts a wildcard if the part before the * has at least two levels (/images/upload*), or at least " +
  "15 characters, or is a complete file path with extension (/sample.jpg*)";
const support = "For a wider pattern, ask ImageKit's support (support@imagekit.io).";

/**
 * ImageKit accepts a `*` only as the last character (documented). A `*` in a URL with a fragment is refused too: the
 * fragment is never sent, so the wildcard would be wider or narrower than what was written.
 */
export function checkPosition(text: string): Refusal | undefined {
  const star = text.indexOf("*");
  if (star < 0) return undefined;
  const fragment = text.indexOf("#");
  if (fragment >= 0) {
    return {
      code: "wildcard-not-last",
      message:
        "A * is a wildcard only as the last character of the URL, and the part that begins with # is never sent. " +
        "Remove the # and everything after it, or write %23 if it is part of a name.",
      repaired: `${text.slice(0, Math.min(star, fragment))}*`,
    };
  }
  if (star === text.length - 1) return undefined;
  return {
    code: "wildcard-not-last",
    message:
      "A * is a wildcard only as the last character of the URL, so there can be only one. Here more text " +
      `follows ${quote(text.slice(0, star + 1))}. End the URL there, which clears more, or write %2A for a * in a name.`,
    repaired: text.slice(0, star + 1),
  };
}

export type WildcardFindings = {
  readonly violations: readonly Violation[];
  readonly warnings: readonly Warning[];
};

/**
 * ImageKit's rules for the part before the final `*`: `path` is the path after the URL endpoint, `query` may be empty.
 * Documented: two levels, or 15 characters, or a file with extension. Undocumented: whether the leading slash,
 * transformations, the query and percent-encoding count. A wildcard that passes only if they count gets a warning.
 */
export function checkWildcard(path: string, query: string): WildcardFindings {
  const violations: Violation[] = [];
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, message: string) => warnings.push(warningOf(code, message));

  const plain = withoutPathTransformations(path);
  const file = endsInFile(path);
  const strict = file || levels(plain).length >= minimumLevels || characters(plain) >= minimumCharacters;
  const lenient =
    levels(eagerReading(path)).length >= minimumLevels || path.length + query.length >= minimumCharacters;
  if (!strict && !lenient) violations.push(tooBroad(path));
  if (!strict && lenient) {
    warn(
      "wildcard-may-be-too-broad",
      "ImageKit may refuse this wildcard as too broad: it passes only if the leading slash, transformations, " +
        `the query and percent-encoding count, which is undocumented. ${ways}.`,
    );
  }

  const folder = unsupportedFolder(plain);
  if (folder?.is === "itself") violations.push(unsupported(folder.name));
  if (folder?.is === "near") {
    warn(
      "wildcard-folder-unclear",
      `ImageKit does not support the wildcard ${folder.name}*; whether that rules out this one is undocumented.`,
    );
  }

  if (query !== "") {
    warn("wildcard-after-query", "Whether ImageKit accepts a * after a query is undocumented.");
  }
  if (countPathTransformations(path) > 0) {
    warn(
      "wildcard-transformed",
      "Clears only what begins with this path transformation; the original and other transformations stay cached.",
    );
  } else {
    warn(
      "path-transformations-persist",
      "Clears files, their versions and their query transformations (?tr=…). Path transformations (/tr:…/) stay " +
        "cached and need a purge of their own.",
    );
  }
  return { violations, warnings };
}

/** The violation of a wildcard that covers the URL endpoint itself, or part of its name. */
export function widerThanEndpoint(): Violation {
  return {
    code: "wildcard-too-broad",
    message: `The wildcard is too broad: it covers the whole URL endpoint. ${ways}, counted after the endpoint. ${support}`,
  };
}

function tooBroad(path: string): Violation {
  const levelCount = levels(path).length;
  const characterCount = characters(path);
  return {
    code: "wildcard-too-broad",
    message:
      `The wildcard is too broad: the part after the URL endpoint, ${quote(`${path}*`)}, has ` +
      `${counted(levelCount, "level")}, ${counted(characterCount, "character")} and no file extension ` +
      `(an empty last segment does not count as a level). ${ways}. ${support}`,
  };
}

function unsupported(folder: string): Violation {
  return {
    code: "wildcard-folder-unsupported",
    message:
      `ImageKit never supports the wildcard ${folder}*. Use a folder or file below it, such as ` +
      `${folder}<file>.jpg*, or exact URLs. ${support}`,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** How many characters, without the leading slash; a percent-encoded character counts once. */
function characters(path: string): number {
  return path
    .replace(/^\//u, "")
    .replace(/%[89ab][0-9a-f]/giu, "")
    .replace(/%[0-9a-f]{2}/giu, "x").length;
}

function endsInFile(path: string): boolean {
  const last = path.slice(path.lastIndexOf("/"));
  const dot = last.lastIndexOf(".");
  return dot > 1 && /^[a-z0-9]+$/iu.test(last.slice(dot + 1)) && countPathTransformations(last) === 0;
}

function unsupportedFolder(
  path: string,
): { readonly is: "itself" | "near"; readonly name: string } | undefined {
  const read = eagerReading(path);
  for (const folder of unsupportedFolders) {
    if (read === folder || `${read}/` === folder) return { is: "itself", name: folder };
    const parent = folder.slice(0, folder.indexOf("/", 1) + 1);
    const partOfName = folder.startsWith(read) && read.length > parent.length;
    if (partOfName || read.includes(folder)) return { is: "near", name: folder };
  }
  return undefined;
}
