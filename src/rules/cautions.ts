import type { DoubtRule } from "./doubt.ts";
import { blankOut, rangesOf } from "./transformation-tracker.ts";

const escapes = /(?:%[0-9a-f]{2})+/giu;
const lostQuestionMark =
  /&(?:tr|v|updatedAt|ik-[\w-]{1,20})=|\.[a-z]\w{1,4}&[\w-]{1,30}=|%3f(?:tr|v|updatedAt|ik-[\w-]{1,20})(?:=|%3d)/iu;
const emptySegment = /\/tr(?::|%3a)(?=\/)/giu;
const emptyLastSegment = /\/tr(?::|%3a)$/iu;
const emptyParameter = /([?&])tr=(?=&|$)/u;

/** What is found in real purge requests and probably clears nothing, or not what was meant. */
export const cautions: readonly DoubtRule[] = [
  {
    code: "double-slash",
    seen: ({ blankedPath }) => /(?:^|[^:/])(\/\/)/u.exec(blankedPath)?.[1],
    message: (seen) =>
      `Check the ${seen} in the path: this clears only what pages request with both slashes.`,
    repaired: ({ endpoint, path, query }) =>
      endpoint + path.replace(/^\/+/u, "/").replace(/([^:/])\/{2,}/gu, "$1/") + query,
  },
  {
    code: "second-question-mark",
    seen: ({ path, query }) => (secondQuestionMark(path, query) < 0 ? undefined : "?"),
    message: (seen) => `Write & for the second ${seen}: as it is, it belongs to the value before it.`,
    repaired: ({ endpoint, path, query }) => {
      const at = secondQuestionMark(path, query);
      const [before, after] = [query.slice(0, at), query.slice(at + 1)];
      return `${endpoint}${path}${before}${/[?&]$/u.test(before) ? "" : "&"}${after}`;
    },
  },
  {
    code: "ampersand-for-question-mark",
    seen: ({ blankedPath }) => lostMark(blankedPath)?.mark,
    message: (seen) => `Write ? for the first ${seen}: without a ? it is part of the file's name.`,
    repaired: ({ endpoint, path, query, blankedPath }) => {
      const { at, mark } = lostMark(blankedPath) ?? { at: path.length, mark: "" };
      const rest = path.slice(at + mark.length);
      const decoded = mark === "&" ? rest : rest.replace(/%3d/iu, "=").replace(/%26/gu, "&");
      return `${endpoint}${path.slice(0, at)}?${decoded}${query.replace("?", "&")}`;
    },
  },
  {
    code: "misplaced-transformation",
    seen: ({ path, query }) =>
      /\/(tr=)[a-z]{1,4}-[^/]*\//iu.exec(path)?.[1] ?? /[?&](tr:)/iu.exec(query)?.[1],
    message: (seen) =>
      `Write ${/=/u.test(seen) ? "tr: in the path" : "tr= in the query"} instead of ${seen}: this is no transformation.`,
    repaired: ({ endpoint, path, query }) =>
      endpoint + path.replace(/\/tr=(?=[a-z]{1,4}-[^/]*\/)/iu, "/tr:") + query.replace(/([?&]tr):/iu, "$1="),
  },
  {
    code: "empty-transformation",
    seen: ({ kind, path, query }) =>
      path.search(emptySegment) >= 0 ||
      (kind === "exact" && (emptyLastSegment.test(path) || emptyParameter.test(query)))
        ? "tr"
        : undefined,
    message: (seen) =>
      `Complete the transformation after ${seen}, or remove it: an empty one is a URL of its own.`,
    repaired: ({ endpoint, path, query }) => {
      const others = query.replace(emptyParameter, "$1").replace("?&", "?").replace(/[?&]$/u, "");
      return endpoint + path.replace(emptySegment, "").replace(emptyLastSegment, "") + others;
    },
  },
  {
    code: "encoded-twice",
    seen: ({ blankedPath, blankedQuery }) => /%25[0-9a-f]{2}/iu.exec(blankedPath + blankedQuery)?.[0],
    message: (seen) => `Check ${seen}: it seems to be percent-encoded twice, and is sent as it is.`,
    repaired: ({ endpoint, path, query }) => endpoint + (path + query).replace(/%25([0-9a-f]{2})/giu, "%$1"),
  },
  {
    code: "not-utf-8",
    seen: ({ path, query }) => (path + query).match(escapes)?.find((run) => !isUtf8(run)),
    message: (seen) => `Check ${seen}: it is not UTF-8, as browsers encode paths.`,
    repaired: ({ endpoint, path, query }) =>
      endpoint + (path + query).replace(escapes, (run) => (isUtf8(run) ? run : fromLatin1(run))),
  },
  {
    code: "replacement-character",
    seen: ({ path, query }) => /%ef%bf%bd/iu.exec(path + query)?.[0],
    message: (seen) => `Write the name again: ${seen} stands for a character that was lost.`,
  },
  {
    code: "version-in-query",
    seen: ({ kind, blankedQuery }) =>
      kind === "exact"
        ? /[?&](updatedAt|v|ik-obj-version|ik-sdk-version)=/u.exec(blankedQuery)?.[1]
        : undefined,
    message: (seen) =>
      `Clears only this spelling, with this ${seen}. To clear every version and query transformation, end the URL with * ` +
      "instead of the query.",
    repaired: ({ endpoint, path }) => `${endpoint}${path}*`,
  },
  {
    code: "wildcard-after-query",
    seen: ({ kind, query }) => (kind === "wildcard" && query !== "" ? query : undefined),
    message: (seen) =>
      `Clears only URLs whose query begins with exactly ${seen}, if ImageKit accepts a * after a query, which is ` +
      "undocumented. To clear every version and query transformation, end the URL with * instead of the query.",
    repaired: ({ endpoint, path }) => `${endpoint}${path}*`,
  },
];

/** What stands where the `?` of the query belongs: `&`, or a `?` that was percent-encoded. */
function lostMark(blankedPath: string): { readonly at: number; readonly mark: string } | undefined {
  const found = lostQuestionMark.exec(blankedPath);
  if (found === null) return undefined;
  const [mark = ""] = /&|%3f/iu.exec(found[0]) ?? [];
  return { at: found.index + found[0].indexOf(mark), mark };
}

function secondQuestionMark(path: string, query: string): number {
  if (!query.includes("?", 1)) return -1;
  const whole = path + query;
  return blankOut(whole, rangesOf("layers", whole)).slice(path.length).indexOf("?", 1);
}

function isUtf8(run: string): boolean {
  try {
    return decodeURIComponent(run) !== "";
  } catch {
    return false;
  }
}

function fromLatin1(run: string): string {
  return run.replace(/%([89a-f][0-9a-f])/giu, (_, code: string) =>
    encodeURIComponent(String.fromCharCode(Number.parseInt(code, 16))),
  );
}
