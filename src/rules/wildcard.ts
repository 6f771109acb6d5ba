import { type Rejection, type Warning, type WarningCode, warningOf } from "../domain/verdict.ts";
import type { CheckedUrl } from "./checked-url.ts";
import { eagerReading, endsInFile, levels, partsOfPath } from "./path.ts";
import { quote } from "./quote.ts";

const minimumLevels = 2;
const minimumCharacters = 15;
/** Magento's and Shopify's root folders: ImageKit never supports a wildcard for them (documented). */
const unsupportedFolders = ["/media/catalog/", "/s/files/"] as const;

const ways =
  "ImageKit accepts a wildcard if the part before the * has at least two levels (/images/upload*), or at least " +
  "15 characters, or is a complete file path with extension (/sample.jpg*)";
const support = "ImageKit's support (support@imagekit.io) can clear a wider pattern.";

/**
 * ImageKit accepts a `*` only as the last character (documented). A `*` in a URL with a fragment is refused too: the
 * fragment is never sent, so the wildcard would be wider or narrower than what was written.
 */
export function checkPosition(text: string): readonly Rejection[] {
  const star = text.indexOf("*");
  const fragment = text.indexOf("#");
  if (star < 0 || (fragment < 0 && star === text.length - 1)) return [];
  if (fragment >= 0) {
    return [
      {
        code: "wildcard-not-last",
        message: "Remove the # and everything after it, or write %23 if it is part of a name.",
        why: "A * is a wildcard only as the last character of the URL, and the part that begins with # is never sent.",
        repairs: [[`${text.slice(0, Math.min(star, fragment))}*`]],
      },
    ];
  }
  return [
    {
      code: "wildcard-not-last",
      message: "End the URL at the *, which clears more, or write %2A for a * in a name.",
      why:
        "A * is a wildcard only as the last character of the URL, so there can be only one. Here more text follows " +
        `${quote(text.slice(0, star + 1))}.`,
      repairs: [[text.slice(0, star + 1)], [`${text.slice(0, star).split("?")[0]}*`]],
    },
  ];
}

export type WildcardFindings = {
  readonly rejections: readonly Rejection[];
  readonly warnings: readonly Warning[];
};

/**
 * ImageKit's rules for the part before the final `*`.
 * Documented: two levels, or 15 characters, or a file with extension. Undocumented: whether the leading slash,
 * transformations, the query and percent-encoding count. A wildcard that passes only if they count gets a warning.
 */
export function checkWildcard({
  path,
  query,
  plainPath: plain,
  transformations,
}: CheckedUrl): WildcardFindings {
  const rejections: Rejection[] = [];
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, message: string) => warnings.push(warningOf(code, message));

  const last = transformations.at(-1);
  const isFile = endsInFile(plain) && (last === undefined || !path.endsWith(`/${last}`));
  const strict = isFile || levels(plain).length >= minimumLevels || characters(plain) >= minimumCharacters;
  const lenient =
    levels(eagerReading(path)).length >= minimumLevels || path.length + query.length >= minimumCharacters;
  if (!strict && !lenient) rejections.push(tooBroad(path));
  if (!strict && lenient) {
    warn(
      "wildcard-may-be-too-broad",
      "ImageKit may refuse this wildcard as too broad: it passes only if the leading slash, transformations, " +
        `the query and percent-encoding count, which is undocumented. ${ways}.`,
    );
  }

  const folder = unsupportedFolder(plain);
  if (folder?.is === "itself") rejections.push(unsupported(folder.name));
  if (folder?.is === "near") {
    warn(
      "wildcard-folder-unclear",
      `ImageKit does not support the wildcard ${folder.name}*; whether that rules out this one is undocumented.`,
    );
  }

  if (transformations.length > 0) {
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
  return { rejections, warnings };
}

/** The violation of a wildcard that covers the URL endpoint itself, or part of its name. */
export function widerThanEndpoint(): Rejection {
  return {
    code: "wildcard-too-broad",
    message: tooBroadFor("/shoes"),
    why: `The wildcard covers the whole URL endpoint. ${ways}, counted after the endpoint. ${support}`,
  };
}

function tooBroad(path: string): Rejection {
  const levelCount = levels(path).length;
  const characterCount = characters(path);
  return {
    code: "wildcard-too-broad",
    message: tooBroadFor(path),
    why:
      `The part after the URL endpoint, ${quote(`${path}*`)}, has ` +
      `${counted(levelCount, "level")}, ${counted(characterCount, "character")} and no file extension ` +
      `(an empty last segment does not count as a level). ${ways}. ${support}`,
  };
}

/** Examples with the folder that was written, if it has a plain name. */
function tooBroadFor(path: string): string {
  const [folder = ""] = levels(partsOfPath(path).plain);
  const example = /^[\w-]{1,30}$/u.test(folder) ? folder : "shoes";
  return `Too broad for ImageKit. Add a folder (/${example}/autumn/*) or a file (/${example}/red.jpg*).`;
}

function unsupported(folder: string): Rejection {
  return {
    code: "wildcard-folder-unsupported",
    message: `Use a folder or file below it, such as ${folder}<file>.jpg*, or exact URLs: ImageKit never supports ${folder}*.`,
    why: support,
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
