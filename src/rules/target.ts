import type { TargetKind } from "../domain/purge.ts";
import { doubtCodes, type Rejection, type Violation, type Warning, warningOf } from "../domain/verdict.ts";
import { type Judgement, judgeLine } from "./judge-line.ts";
import { maskSignature } from "./signed-url.ts";
import type { UrlEndpoint } from "./url-endpoint.ts";

/** What an accepted line asks ImageKit to clear. */
export type Target = {
  /** Canonical, and exactly what is sent. */
  readonly url: string;
  readonly kind: TargetKind;
  /** `url` without a wildcard's `*`. */
  readonly prefix: string;
  /** The transformations in the path of `prefix` (`tr:…`), in order. */
  readonly pathTransformations: readonly string[];
  /** Whether ImageKit may refuse it, or it may not reach everything that begins with `prefix`. */
  readonly isDoubtful: boolean;
};

export type LineReading =
  | { readonly target: Target; readonly warnings: readonly Warning[] }
  | { readonly violations: readonly Violation[] };

/**
 * Reads one line: either its target with warnings, or every violation. Each comes with what would pass instead without
 * a caution, if there is such a thing. A suggestion never contains a signature: masked it would be useless, unmasked a
 * leak.
 */
export function readLine(input: string, endpoints: readonly UrlEndpoint[]): LineReading {
  const judgement = judgeLine(input, endpoints);
  const suggest = (repairs: Rejection["repairs"]) => suggestionOf(repairs, endpoints);
  if (judgement.rejections.length > 0) {
    return {
      violations: judgement.rejections.map(({ repairs, ...rejection }) => ({
        ...rejection,
        suggestion: suggest(repairs),
      })),
    };
  }
  const doubts = judgement.doubts.map(({ code, message, repaired }) =>
    warningOf(code, message, repaired === undefined ? undefined : suggest([[repaired]])),
  );
  const warnings = [...judgement.normalisations, ...doubts, ...judgement.notes];
  return { target: targetOf(judgement, warnings), warnings };
}

/**
 * The target of a line that is sent exactly as written and about which there is no doubt; undefined for any other line.
 * Faster than `readLine`, because it makes no suggestions.
 */
export function readCertainTarget(line: string, endpoints: readonly UrlEndpoint[]): Target | undefined {
  const judgement = judgeLine(line, endpoints);
  if (judgement.url !== line || judgement.rejections.length > 0 || judgement.doubts.length > 0)
    return undefined;
  const target = targetOf(judgement, judgement.notes);
  return target.isDoubtful ? undefined : target;
}

function targetOf({ url, pathTransformations }: Judgement, warnings: readonly Warning[]): Target {
  const kind = url.endsWith("*") ? "wildcard" : "exact";
  const prefix = kind === "wildcard" ? url.slice(0, -1) : url;
  const isDoubtful = warnings.some(({ code, severity }) => severity !== "note" || doubtCodes.includes(code));
  return { url, kind, prefix, pathTransformations, isDoubtful };
}

/** The first repair whose lines all pass without a caution, as they would be sent. */
function suggestionOf(
  repairs: Rejection["repairs"] = [],
  endpoints: readonly UrlEndpoint[],
): string | undefined {
  for (const lines of repairs) {
    const judged = lines.map((line) => judgeLine(line, endpoints));
    const pass = judged.every(
      ({ url, rejections, doubts }) =>
        rejections.length === 0 && doubts.length === 0 && maskSignature(url) === url,
    );
    if (pass) return judged.map(({ url }) => url).join("\n");
  }
  return undefined;
}
