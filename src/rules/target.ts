import type { TargetKind } from "../domain/purge.ts";
import type { Refusal, Violation, Warning, WarningCode } from "../domain/verdict.ts";
import { canonicalUrl } from "./canonical.ts";
import { endpointOf, isWiderThanAnEndpoint } from "./endpoint-of.ts";
import { maximumUrlBytes } from "./limits.ts";
import { countPathTransformations } from "./path.ts";
import { maskSignature } from "./signed-url.ts";
import { splitUrl } from "./split-url.ts";
import { checkStar } from "./star.ts";
import { strayText } from "./stray-text.ts";
import type { UrlEndpoint } from "./url-endpoint.ts";
import { checkWildcard, widerThanEndpoint } from "./wildcard.ts";

/** What one accepted line asks to clear. */
export type Target = {
  /** Canonical, and exactly what is sent. */
  readonly url: string;
  readonly kind: TargetKind;
  /** `url` without a wildcard's `*`. */
  readonly prefix: string;
  /** How many path segments of `prefix` are transformations (`tr:…`). */
  readonly pathTransformations: number;
};

export type LineReading =
  | { readonly target: Target; readonly warnings: readonly Warning[] }
  | { readonly violations: readonly Violation[] };

/**
 * Of a URL longer than this only its length is refused, not where it lies and what its wildcard reaches: those rules
 * decode it several times over, and a body of nothing but escapes would keep the process busy for seconds.
 */
const longestJudged = 4 * maximumUrlBytes;

type Inspection = {
  readonly url: string;
  readonly path: string;
  readonly query: string;
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
};

/**
 * Reads one line: every violation with a suggestion that passes, where there is one, or the target with its
 * warnings. A suggestion never carries a signature: a masked one would be useless, a whole one a leak.
 */
export function readLine(input: string, endpoints: readonly UrlEndpoint[]): LineReading {
  const { url, path, query, refusals, warnings } = inspect(input, endpoints);
  if (refusals.length > 0) return { violations: refusals.map((refusal) => violation(refusal, endpoints)) };
  const kind = url.endsWith("*") ? "wildcard" : "exact";
  const prefix = kind === "wildcard" ? url.slice(0, -1) : url;
  const target = { url, kind, prefix, pathTransformations: countPathTransformations(path) } as const;
  return { target, warnings: [...warnings, ...cautions(target, path, query)] };
}

function violation({ code, message, repaired }: Refusal, endpoints: readonly UrlEndpoint[]): Violation {
  const { url, refusals } = inspect(repaired ?? "", endpoints);
  const passes = refusals.length === 0 && maskSignature(url) === url;
  return { code, message, suggestion: passes ? url : undefined };
}

function inspect(input: string, endpoints: readonly UrlEndpoint[]): Inspection {
  const trimmed = input.trim();
  if (trimmed === "")
    return refused([{ code: "empty-url", message: "The line is empty: it takes one URL." }]);
  const text = trimmed.replace(/\p{Cs}/gu, "\ufffd");
  const star = checkStar(text);
  const refusals = [...characterRefusals(trimmed), ...(star === undefined ? [] : [star])];

  const split = splitUrl(text);
  if ("refusal" in split) return refused([split.refusal, ...refusals, ...lengthRefusals(text.length)]);
  const canonical = canonicalUrl(split.parts);
  const { scheme, host = "", path, query } = canonical;
  const url = `${scheme}://${host}${path}${query}`;
  refusals.unshift(...canonical.refusals);
  refusals.push(...lengthRefusals(url.length));

  const warnings: Warning[] = [];
  if (trimmed !== input)
    warnings.push({ code: "whitespace-trimmed", message: "White space around it is left out." });
  warnings.push(...canonical.warnings);

  if (canonical.host !== undefined && url.length <= longestJudged) {
    const isWildcard = text.endsWith("*") && star === undefined;
    const found = endpointOf(host, split.parts.path || "/", path, endpoints);
    if ("refusal" in found) {
      refusals.push(found.refusal);
      if (isWildcard && isWiderThanAnEndpoint(host + path + query, endpoints)) {
        refusals.push(widerThanEndpoint());
      }
    } else if (isWildcard) {
      const rest = path.slice(found.endpoint.path.length);
      const findings = checkWildcard(query === "" ? rest.slice(0, -1) : rest, query.slice(0, -1));
      refusals.push(...findings.violations);
      warnings.push(...findings.warnings);
    }
  }
  return { url, path, query, refusals, warnings };
}

function refused(refusals: readonly Refusal[]): Inspection {
  return { url: "", path: "", query: "", refusals, warnings: [] };
}

function characterRefusals(text: string): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (/\p{Cc}/u.test(text)) {
    refusals.push({
      code: "control-character",
      message:
        "It contains a control character, such as a tab or a line break. Put each URL on a line of its own, without it.",
    });
  }
  if (/\p{Cs}/u.test(text)) {
    refusals.push({
      code: "not-a-url",
      message: "Not a URL: it contains half a character (a lone surrogate), which no URL can carry.",
    });
  }
  return refusals;
}

function lengthRefusals(bytes: number): readonly Refusal[] {
  if (bytes <= maximumUrlBytes) return [];
  return [
    {
      code: "url-too-long",
      message: `The URL has ${bytes} bytes in the form that is sent; at most ${maximumUrlBytes} are taken.`,
    },
  ];
}

/** What people may not expect of a line that passes. */
function cautions(target: Target, path: string, query: string): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, message: string) => warnings.push({ code, message });
  if (target.url.startsWith("http:")) {
    warn(
      "http-scheme",
      "Whether ImageKit clears https:// along with http:// is undocumented; they count as two.",
    );
  }
  if (/%(?![0-9a-f]{2})/iu.test(path + query)) {
    warn("stray-percent", "A % that begins no percent-encoding is sent as it is; ImageKit may refuse it.");
  }
  if (/%2a/iu.test(path + query)) {
    warn(
      "encoded-asterisk",
      "%2A is taken as a character, not as a wildcard; what ImageKit does is undocumented.",
    );
  }
  if (target.kind === "wildcard") return warnings;
  const stray = strayText(target.url);
  if (stray !== undefined) {
    warn(
      "stray-text",
      `"${stray}" is sent as a part of it. Leave it out if it is none; each URL takes its own line.`,
    );
  }
  if (!path.slice(path.lastIndexOf("/")).includes(".")) {
    warn("folder-without-wildcard", "Clears exactly this URL: if it is a folder, nothing in it is cleared.");
  } else if (query === "" && target.pathTransformations === 0) {
    warn(
      "exact-only",
      "Clears exactly this URL. For its versions and query transformations (?tr=…) end it with *; path " +
        "transformations (/tr:…/) need a purge of their own.",
    );
  }
  return warnings;
}
