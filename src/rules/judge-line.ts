import { type Rejection, type Warning, warningOf } from "../domain/verdict.ts";
import { canonicalUrl } from "./canonical.ts";
import { cautions } from "./cautions.ts";
import { type CheckedUrl, checkedUrl } from "./checked-url.ts";
import { findDebris } from "./debris.ts";
import { type Doubt, findDoubts } from "./doubt.ts";
import { endpointOf, isWiderThanAnEndpoint, underEndpoint } from "./endpoint-of.ts";
import { findUrls } from "./find-urls.ts";
import { maximumUrlBytes } from "./limits.ts";
import { mistakes } from "./mistakes.ts";
import { nameCautions } from "./name-cautions.ts";
import { notesOn } from "./notes.ts";
import { repairsOf, severalUrls, strayCharacters, textAroundUrl } from "./pasted-text.ts";
import { withoutPlaceholders } from "./placeholders.ts";
import { isWebScheme, splitUrl, type UrlParts } from "./split-url.ts";
import type { UrlEndpoint } from "./url-endpoint.ts";
import { checkPosition, checkWildcard, widerThanEndpoint } from "./wildcard.ts";

/**
 * Of a URL longer than this only its length is refused, not where it lies and what its wildcard reaches: those rules
 * decode it several times over, and a body of nothing but escapes would keep the process busy for seconds.
 */
const longestJudged = 4 * maximumUrlBytes;

/** What the rules say about a line. Everything but `rejections` counts only if there are none. */
export type Judgement = {
  readonly url: string;
  readonly rejections: readonly Rejection[];
  readonly normalisations: readonly Warning[];
  readonly doubts: readonly Doubt[];
  readonly notes: readonly Warning[];
  readonly pathTransformations: readonly string[];
};

/** A second URL may begin here, or what no URL contains. */
const mayHoldMore = /.https?(?::|%|\\|&#)|[\s<>"\\]/isu;

/** Judges a line by every rule. Suggestions are not part of it: they are judged by it themselves. */
export function judgeLine(input: string, endpoints: readonly UrlEndpoint[]): Judgement {
  const trimmed = input.trim();
  if (trimmed === "")
    return rejected([{ code: "empty-url", message: "Write a URL on the line: it is empty." }]);
  const line = trimmed.replace(/\p{Cs}/gu, "\ufffd");
  const find = () => (line.length <= longestJudged ? findUrls(line, endpoints) : []);
  const found = mayHoldMore.test(line) || !/^https?:/iu.test(line) ? find() : [];
  const split = splitUrl(line);
  const isWebUrl = "parts" in split && isWebScheme(split.parts.scheme);
  const pasted = severalUrls(found) ?? (isWebUrl ? undefined : textAroundUrl(line, found));
  if (pasted !== undefined) return rejected([pasted, ...characterRejections(trimmed)]);

  const judgement =
    "parts" in split
      ? judgeUrl(line, split.parts, endpoints)
      : rejected([split.rejection, ...checkPosition(line), ...lengthRejections(line.length)]);
  const rejections = [...judgement.rejections, ...characterRejections(trimmed)];
  if (rejections.length > 0) {
    const repairs = repairsOf(line, find());
    return rejected(
      rejections.map((rejection) => ({ ...rejection, repairs: [...repairs, ...(rejection.repairs ?? [])] })),
    );
  }
  // Escaping can show a second URL that the line hid, in braces for example. What is sent must pass as it is.
  const { url } = judgement;
  const glued = url !== line && mayHoldMore.test(url) ? severalUrls(findUrls(url, endpoints)) : undefined;
  if (glued !== undefined) return rejected([glued]);
  if (trimmed === input) return judgement;
  const note = warningOf("whitespace-trimmed", "White space around the URL is removed.");
  return { ...judgement, normalisations: [note, ...judgement.normalisations] };
}

function judgeUrl(line: string, parts: UrlParts, endpoints: readonly UrlEndpoint[]): Judgement {
  const { rejections: malformed, warnings, url, host, path, query } = canonicalUrl(parts);
  const misplaced = checkPosition(line);
  const written = withoutPlaceholders(parts.path + parts.query + parts.fragment);
  const rejections = [
    ...malformed,
    ...misplaced,
    ...strayCharacters(written),
    ...lengthRejections(url.length),
  ];
  if (host === undefined || url.length > longestJudged) return rejected(rejections);

  const isWildcard = line.endsWith("*") && misplaced.length === 0;
  const under = endpointOf(host, parts.path || "/", path, endpoints);
  if ("rejection" in under) {
    const isWider = isWildcard && isWiderThanAnEndpoint(host + path + query, endpoints);
    const rejection = { ...under.rejection, repairs: underEndpoint({ url, host, path, query }, endpoints) };
    return rejected([...rejections, rejection, ...(isWider ? [widerThanEndpoint()] : [])]);
  }
  const rest = path.slice(under.endpoint.path.length);
  const checked = checkedUrl({
    kind: isWildcard ? "wildcard" : "exact",
    endpoint: url.slice(0, url.length - query.length - rest.length),
    path: isWildcard && query === "" ? rest.slice(0, -1) : rest,
    query: isWildcard ? query.slice(0, -1) : query,
    fragment: parts.fragment,
  });
  const wildcard = isWildcard ? checkWildcard(checked) : { rejections: [], warnings: [] };
  rejections.push(...wildcard.rejections);
  if (rejections.length > 0) return rejected(rejections);
  const wrong = findDoubts(mistakes, checked, line);
  const isMistake = wrong.length > 0;
  return {
    url,
    rejections,
    normalisations: warnings,
    doubts: isMistake ? wrong : doubtsAbout(url, checked, { line, endpoints }),
    notes: isMistake ? [] : [...wildcard.warnings, ...notesOn(checked)],
    pathTransformations: checked.transformations,
  };
}

function doubtsAbout(
  url: string,
  checked: CheckedUrl,
  { line, endpoints }: { readonly line: string; readonly endpoints: readonly UrlEndpoint[] },
): readonly Doubt[] {
  const named = findDoubts(nameCautions, checked, line);
  const isSaid = named.some(({ code }) => code === "stray-text" || code === "cut-off");
  const debris = isSaid ? [] : findDebris(url, line, endpoints);
  return [...debris, ...named, ...findDoubts(cautions, checked, line)];
}

function rejected(rejections: readonly Rejection[]): Judgement {
  return { url: "", rejections, normalisations: [], doubts: [], notes: [], pathTransformations: [] };
}

function characterRejections(text: string): readonly Rejection[] {
  const rejections: Rejection[] = [];
  if (/\p{Cc}/u.test(text)) {
    rejections.push({
      code: "control-character",
      message:
        "Remove the control character, such as a tab or a line break, and put each URL on its own line.",
    });
  }
  if (/\p{Cs}/u.test(text)) {
    rejections.push({
      code: "not-a-url",
      message:
        "Write the URL again: it contains half a character (a lone surrogate), which no URL can contain.",
    });
  }
  return rejections;
}

function lengthRejections(bytes: number): readonly Rejection[] {
  if (bytes <= maximumUrlBytes) return [];
  return [
    {
      code: "url-too-long",
      message: `Shorten the URL: the limit is ${maximumUrlBytes} bytes, and it has ${bytes} in the form that is sent.`,
    },
  ];
}
