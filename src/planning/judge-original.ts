import { doubtCodes, normalisationCodes, type Violation, type Warning } from "../domain/verdict.ts";
import { checkedUrl } from "../rules/checked-url.ts";
import { endpointOf, isWiderThanAnEndpoint } from "../rules/endpoint-of.ts";
import { endsInKnownFile } from "../rules/image-file.ts";
import type { ImageName } from "../rules/name-image.ts";
import { readLine, type Target } from "../rules/target.ts";
import { matchEndpoint, type UrlEndpoint } from "../rules/url-endpoint.ts";
import { checkWildcard } from "../rules/wildcard.ts";
import { aboutPath, clearsNeighbours, exactOnly, otherEndpoint, withPath } from "./image-findings.ts";

/** Where pages serve an image from. `url` has the scheme: `https://ik.imagekit.io/demo`. */
export type Base = { readonly url: string; readonly endpoint: UrlEndpoint };

/** What the rules say about an original, and what clears it at each base. */
export type OriginalJudgement = {
  readonly kinds: readonly {
    readonly base: Base;
    readonly kind: Target["kind"];
    readonly isDoubtful: boolean;
  }[];
  readonly warnings: readonly Warning[];
};

/** Notes that an image's targets do not need: they say what the exact URL of a line leaves cached. */
const notOfImages: readonly string[] = [...normalisationCodes, "exact-only", "folder-without-wildcard"];

/**
 * Judges the original of an image at every endpoint that pages serve it from. Only the rules about endpoints
 * look at more than its path; the others are asked once. A wildcard clears it where its name ends in a file's extension; elsewhere only if
 * the caller may use wildcards that reach other files, and ImageKit certainly accepts this one.
 */
export function judgeOriginal(
  { path, endpoint: given }: ImageName,
  bases: readonly Base[],
  context: { readonly endpoints: readonly UrlEndpoint[]; readonly mayUseWildcards: boolean },
): OriginalJudgement | { readonly violations: readonly Violation[] } {
  const [first] = bases;
  if (first === undefined) return { kinds: [], warnings: [] };
  const reading = readLine(first.url + path, context.endpoints);
  if ("violations" in reading) {
    return {
      violations: given === undefined ? reading.violations.map(aboutPath(first.url)) : reading.violations,
    };
  }
  const elsewhere = bases.flatMap((base) => violationsAt(base, path, context.endpoints));
  if (elsewhere.length > 0) return { violations: elsewhere };

  const wildcard = checkWildcard(checkedUrl({ kind: "wildcard", endpoint: first.url, path, query: "" }));
  const doubts = wildcard.warnings.filter(({ code }) => doubtCodes.includes(code));
  const isDoubtful = reading.target.isDoubtful || doubts.length > 0;
  const isFile = endsInKnownFile(path);
  const isAllowed = wildcard.rejections.length === 0 && (isFile || (context.mayUseWildcards && !isDoubtful));
  const kinds = bases.map((base) => {
    const { host, path: before } = base.endpoint;
    const isWildcard = isAllowed && !isWiderThanAnEndpoint(`${host}${before}${path}*`, context.endpoints);
    return isWildcard
      ? { base, kind: "wildcard" as const, isDoubtful }
      : { base, kind: "exact" as const, isDoubtful: reading.target.isDoubtful };
  });

  const isAny = (kind: Target["kind"]) => kinds.some((one) => one.kind === kind);
  const warnings = [
    ...reading.warnings
      .filter(({ code }) => !notOfImages.includes(code))
      .map((warning) => (given === undefined ? withPath(warning, first.url) : warning)),
    ...(isAny("wildcard") ? doubts : []),
    ...(isAny("wildcard") && !isFile ? [clearsNeighbours(path)] : []),
    ...(isAny("exact") ? [exactOnly()] : []),
  ];
  return { kinds, warnings };
}

/** Whether the path is under another endpoint than this one, or might be read so. */
function violationsAt(
  { url, endpoint }: Base,
  path: string,
  endpoints: readonly UrlEndpoint[],
): readonly Violation[] {
  const whole = endpoint.path + path;
  const inner = matchEndpoint(endpoint.host, whole, endpoints);
  if (inner !== undefined && inner !== endpoint) return [otherEndpoint(path, url, inner)];
  const under = endpointOf(endpoint.host, whole, whole, endpoints);
  if (!("rejection" in under)) return [];
  const { code, message, why } = under.rejection;
  return [{ code, message, why }];
}
