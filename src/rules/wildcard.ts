import type { Violation, Warning, WarningCode } from "../domain/verdict.ts";
import { countPathTransformations, eagerReading, levels, withoutPathTransformations } from "./path.ts";
import { quote } from "./quote.ts";

const minimumLevels = 2;
const minimumCharacters = 15;
/** "Never supported" with a wildcard: Magento's and Shopify's roots (documented). */
const unsupportedFolders = ["/media/catalog/", "/s/files/"] as const;

const ways =
  "ImageKit takes a wildcard if what precedes the * has at least two levels (/images/upload*), or at least " +
  "15 characters, or is a complete file path with extension (/sample.jpg*)";
const support = "For a wider pattern ask ImageKit's support (support@imagekit.io).";

export type WildcardFindings = {
  readonly violations: readonly Violation[];
  readonly warnings: readonly Warning[];
};

/**
 * ImageKit's rules for what precedes the final `*`: `path` after the URL endpoint, and `query`, if any.
 * Documented: any one of two levels, 15 characters, a file with extension. Undocumented: whether the leading
 * slash, a transformation, the query or percent-encoding counts. What only passes if they count is warned about.
 */
export function checkWildcard(path: string, query: string): WildcardFindings {
  const violations: Violation[] = [];
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, message: string) => warnings.push({ code, message });

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
      `ImageKit does not support the wildcard ${folder.name}*; whether that excludes this one is undocumented.`,
    );
  }

  if (query !== "") {
    warn("wildcard-after-query", "Whether ImageKit takes a * after a query is undocumented.");
  }
  if (countPathTransformations(path) > 0) {
    warn(
      "wildcard-transformed",
      "Clears only what begins with this path transformation; the original and other transformations stay.",
    );
  } else {
    warn(
      "path-transformations-persist",
      "Clears files, their versions and their query transformations (?tr=…). Path transformations (/tr:…/) stay " +
        "and need a purge of their own.",
    );
  }
  return { violations, warnings };
}

/** The violation of a wildcard so broad that it takes in the URL endpoint itself, or a part of its name. */
export function widerThanEndpoint(): Violation {
  return {
    code: "wildcard-too-broad",
    message: `The wildcard is too broad: it takes in the whole URL endpoint. After the endpoint, ${ways}. ${support}`,
  };
}

function tooBroad(path: string): Violation {
  const levelCount = levels(path).length;
  const characterCount = characters(path);
  return {
    code: "wildcard-too-broad",
    message:
      `The wildcard is too broad: after the URL endpoint stands ${quote(`${path}*`)}, with ` +
      `${counted(levelCount, "level")}, ${counted(characterCount, "character")} and no file extension ` +
      `(an empty last segment is no level). ${ways}. ${support}`,
  };
}

function unsupported(folder: string): Violation {
  return {
    code: "wildcard-folder-unsupported",
    message:
      `ImageKit never supports the wildcard ${folder}*. Name a folder or file below it, such as ` +
      `${folder}<file>.jpg*, or exact URLs. ${support}`,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Without the leading slash, a percent-encoded character counted once. */
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
