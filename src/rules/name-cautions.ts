import type { CheckedUrl } from "./checked-url.ts";
import type { DoubtRule } from "./doubt.ts";
import { endsInKnownFile } from "./image-file.ts";
import { fixMojibake } from "./mojibake.ts";

const escapes = /(?:%[0-9a-f]{2})+/giu;
const encodedControl = /%(?:[01][0-9a-f]|7f)/giu;
/** A whole segment, or the end of a name, where a program shortened a URL to show it. */
const cut = /(?:\.{3,9}|…|%e2%80%a6)(?=\/|$)/iu;

/** What stands in the path of a URL that was copied, shortened or put together wrongly. */
export const nameCautions: readonly DoubtRule[] = [
  {
    code: "stray-text",
    seen: ({ kind, path }) =>
      kind === "exact" && path.endsWith("/") && endsInKnownFile(path.slice(0, -1)) ? "/" : undefined,
    message: (seen) => `Remove the ${seen} behind the file: as it is, this is another URL.`,
    repaired: ({ endpoint, path, query }) => endpoint + path.slice(0, -1) + query,
  },
  {
    code: "stray-text",
    seen: ({ blankedPath }) => blankedPath.match(encodedControl)?.[0],
    message: (seen) =>
      `Remove ${seen} from the name: it is a line break, or another character that no name has.`,
    repaired: ({ endpoint, path, query }) => endpoint + path.replace(encodedControl, "") + query,
  },
  {
    code: "cut-off",
    seen: ({ blankedPath }) => {
      const found = cut.exec(blankedPath);
      return found === null || endsInKnownFile(blankedPath.slice(0, found.index)) ? undefined : found[0];
    },
    message: (seen) => `Write the whole URL: it seems to have been cut off at ${seen}.`,
  },
  {
    code: "mark-in-name",
    seen: markInName,
    message: (seen) =>
      `Write ${seen.includes("#") ? "%23" : "%3F"} for the ${seen} if it is part of the name: ` +
      `${seen.includes("#") ? "what follows it is not sent" : "what follows it is a query"}.`,
    repaired: (url) => {
      const { endpoint, path, query, fragment } = url;
      const name = path + query.replace("?", "%3F");
      return endpoint + name + (markInName(url) === "#" ? fragment.replace("#", "%23") : "");
    },
  },
  {
    code: "encoded-twice",
    seen: ({ blankedPath }) => blankedPath.match(escapes)?.find((run) => fixMojibake(run) !== undefined),
    message: (seen) => `Check ${seen}: its letters seem to have been saved in the wrong encoding.`,
    repaired: ({ endpoint, path, query }) =>
      endpoint + path.replace(escapes, (run) => fixMojibake(run) ?? run) + query,
  },
  {
    code: "endpoint-twice",
    seen: ({ endpoint, blankedPath }) => {
      const own = withoutScheme(endpoint);
      return blankedPath.includes(`/${own}/`) ? own : undefined;
    },
    message: (seen) =>
      `Check the second ${seen}: this clears only what pages request with the URL endpoint twice.`,
    repaired: ({ endpoint, path, query }) => {
      const own = withoutScheme(endpoint);
      return endpoint + path.slice(path.indexOf(`/${own}/`) + own.length + 1) + query;
    },
  },
];

/** What ends the path of a file's name too early. The query comes first: it is sent, and the fragment is not. */
function markInName({ path, query, fragment }: CheckedUrl): "?" | "#" | undefined {
  if (endsInKnownFile(path)) return undefined;
  return isRestOfName(query) ? "?" : isRestOfName(fragment) ? "#" : undefined;
}

function isRestOfName(text: string): boolean {
  const [, rest = ""] = /^[#?]([^=]{1,200})$/u.exec(text) ?? [];
  return endsInKnownFile(`x${rest.split("?", 1)[0]}`);
}

function withoutScheme(endpoint: string): string {
  return endpoint.replace(/^https?:\/\//u, "");
}
