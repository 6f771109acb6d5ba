import type { TargetKind } from "../domain/purge.ts";
import {
  type Refusal,
  type Violation,
  type Warning,
  type WarningCode,
  warningOf,
} from "../domain/verdict.ts";
import { canonicalUrl } from "./canonical.ts";
import { endpointOf, isWiderThanAnEndpoint } from "./endpoint-of.ts";
import { maximumUrlBytes } from "./limits.ts";
import { strayText } from "./pasted-text.ts";
import { countPathTransformations } from "./path.ts";
import { maskSignature } from "./signed-url.ts";
import { splitUrl } from "./split-url.ts";
import type { UrlEndpoint } from "./url-endpoint.ts";
import { checkPosition, checkWildcard, widerThanEndpoint } from "./wildcard.ts";

/** What an accepted line asks ImageKit to clear. */
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
 * Reads one line: either its target with warnings, or every violation, each with a corrected URL that passes if there is
 * one. A suggestion never contains a signature: masked it would be useless, unmasked a leak.
 */
export function readLine(input: string, endpoints: readonly UrlEndpoint[]): LineReading {
  const { url, path, query, refusals, warnings } = inspect(input, endpoints);
  if (refusals.length > 0) return { violations: refusals.map((refusal) => violation(refusal, endpoints)) };
  const kind = url.endsWith("*") ? "wildcard" : "exact";
  const prefix = kind === "wildcard" ? url.slice(0, -1) : url;
  const target = { url, kind, prefix, pathTransformations: countPathTransformations(path) } as const;
  const isMistake = warnings.some(({ severity }) => severity === "mistake");
  return { target, warnings: [...warnings, ...(isMistake ? [] : notes(target, path, query))] };
}

function violation({ repaired, ...rest }: Refusal, endpoints: readonly UrlEndpoint[]): Violation {
  const { url, refusals } = inspect(repaired ?? "", endpoints);
  const passes = refusals.length === 0 && maskSignature(url) === url;
  return { ...rest, suggestion: passes ? url : undefined };
}

function inspect(input: string, endpoints: readonly UrlEndpoint[]): Inspection {
  const trimmed = input.trim();
  if (trimmed === "")
    return refused([{ code: "empty-url", message: "The line is empty. Write one URL on it." }]);
  const text = trimmed.replace(/\p{Cs}/gu, "\ufffd");
  const misplaced = checkPosition(text);
  const refusals = [...characterRefusals(trimmed), ...(misplaced === undefined ? [] : [misplaced])];

  const split = splitUrl(text);
  if ("refusal" in split) return refused([split.refusal, ...refusals, ...lengthRefusals(text.length)]);
  const canonical = canonicalUrl(split.parts);
  const { scheme, host = "", path, query } = canonical;
  const url = `${scheme}://${host}${path}${query}`;
  refusals.unshift(...canonical.refusals);
  refusals.push(...lengthRefusals(url.length));

  const warnings: Warning[] = [];
  if (trimmed !== input)
    warnings.push(warningOf("whitespace-trimmed", "White space around the URL is removed."));
  warnings.push(...canonical.warnings);

  if (canonical.host !== undefined && url.length <= longestJudged) {
    const isWildcard = text.endsWith("*") && misplaced === undefined;
    const found = endpointOf(host, split.parts.path || "/", path, endpoints);
    if ("refusal" in found) {
      refusals.push(found.refusal);
      if (isWildcard && isWiderThanAnEndpoint(host + path + query, endpoints)) {
        refusals.push(widerThanEndpoint());
      }
    } else if (!isWildcard && query === "" && path.length <= found.endpoint.path.length + 1) {
      warnings.push(endpointItself());
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
        "The line contains a control character, such as a tab or a line break. Remove it, and put each URL on its own line.",
    });
  }
  if (/\p{Cs}/u.test(text)) {
    refusals.push({
      code: "not-a-url",
      message: "Not a URL: it contains half a character (a lone surrogate), which no URL can contain.",
    });
  }
  return refusals;
}

function lengthRefusals(bytes: number): readonly Refusal[] {
  if (bytes <= maximumUrlBytes) return [];
  return [
    {
      code: "url-too-long",
      message: `The URL is ${bytes} bytes long in the form that is sent; the limit is ${maximumUrlBytes}.`,
    },
  ];
}

/** Somebody meant everything below the endpoint; the purge would clear one URL that serves nothing. */
function endpointItself(): Warning {
  return warningOf(
    "endpoint-itself",
    "Add a folder with a wildcard (/shoes/autumn/*) or a file (/shoes/red.jpg): this is the URL endpoint itself, and " +
      "purging it clears nothing below it.",
  );
}

/** Warnings about what an accepted line does that its author may not expect. */
function notes(target: Target, path: string, query: string): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, message: string) => warnings.push(warningOf(code, message));
  if (target.url.startsWith("http:")) {
    warn(
      "http-scheme",
      "Whether purging http:// also clears https:// is undocumented; they count as two URLs.",
    );
  }
  if (/%(?![0-9a-f]{2})/iu.test(path + query)) {
    warn(
      "stray-percent",
      "A % that does not begin a percent-encoding is sent unchanged; ImageKit may refuse it.",
    );
  }
  if (/%2a/iu.test(path + query)) {
    warn(
      "encoded-asterisk",
      "%2A is treated as a character, not as a wildcard; what ImageKit does with it is undocumented.",
    );
  }
  if (target.kind === "wildcard") return warnings;
  const stray = strayText(target.url);
  if (stray !== undefined) {
    warn(
      "stray-text",
      `"${stray}" is sent as part of the URL. Remove it if it does not belong there; put each URL on its own line.`,
    );
  }
  if (!path.slice(path.lastIndexOf("/")).includes(".")) {
    warn("folder-without-wildcard", "Clears exactly this URL: if it is a folder, nothing in it is cleared.");
  } else if (query === "" && target.pathTransformations === 0) {
    warn(
      "exact-only",
      "Clears exactly this URL. To clear its versions and query transformations (?tr=…) too, end it with *; path " +
        "transformations (/tr:…/) need a purge of their own.",
    );
  }
  return warnings;
}
