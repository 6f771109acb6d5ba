import type { TargetKind } from "./purge.ts";

export const violationCodes = [
  "empty-url",
  "not-a-url",
  "several-urls",
  "unsupported-scheme",
  "has-credentials",
  "unknown-endpoint",
  "url-too-long",
  "control-character",
  "wildcard-not-last",
  "wildcard-too-broad",
  "wildcard-folder-unsupported",
  "probably-a-mistake",
  "not-an-image",
  "ambiguous-endpoint",
  "repeating",
] as const;

export type ViolationCode = (typeof violationCodes)[number];

/** Why a line is refused. */
export type Violation = {
  readonly code: ViolationCode;
  /** Begins with what to do; enough on its own. */
  readonly message: string;
  /** Details: which rule failed and what the line has. Absent where the message says it all, and in older records. */
  readonly why?: string | undefined;
  /** What would pass instead without a caution, where it exists: one URL, or several with a line break between them. */
  readonly suggestion?: string | undefined;
};

/**
 * A violation while a line is being read. Each of `repairs` is what may have been meant, as lines; the first whose lines
 * pass the rules without a caution becomes the suggestion.
 */
export type Rejection = {
  readonly code: ViolationCode;
  readonly message: string;
  readonly why?: string | undefined;
  readonly repairs?: readonly (readonly string[])[] | undefined;
};

/** Warnings that say how `url` differs from the line as given; none if it does not differ. */
export const normalisationCodes = [
  "whitespace-trimmed",
  "scheme-lowercased",
  "host-normalised",
  "port-normalised",
  "slash-added",
  "dot-segments-resolved",
  "percent-encoded",
  "fragment-dropped",
] as const;

/** Warnings about what ImageKit does not document, or what surprises people about what it does. */
export const noteCodes = [
  "http-scheme",
  "stray-percent",
  "encoded-asterisk",
  "exact-only",
  "folder-without-wildcard",
  "path-transformations-persist",
  "wildcard-transformed",
  "wildcard-may-be-too-broad",
  "wildcard-folder-unclear",
  "no-profile",
  "not-in-profile",
  "clears-neighbours",
] as const;

/** Warnings about a target that probably clears nothing, or not what was meant. */
export const cautionCodes = [
  "stray-text",
  "double-slash",
  "second-question-mark",
  "ampersand-for-question-mark",
  "misplaced-transformation",
  "empty-transformation",
  "encoded-twice",
  "not-utf-8",
  "replacement-character",
  "cut-off",
  "mark-in-name",
  "endpoint-twice",
  "version-in-query",
  "wildcard-after-query",
] as const;

/** Warnings about a target that cannot be what was meant. */
export const mistakeCodes = [
  "endpoint-itself",
  "unfilled-template",
  "unfilled-value",
  "browser-only-url",
  "endpoint-in-path",
] as const;

/** What leaves doubt that ImageKit accepts a wildcard, or that it reaches what begins with it; cautions do too. */
export const doubtCodes: readonly string[] = [
  "wildcard-may-be-too-broad",
  "wildcard-folder-unclear",
  "stray-percent",
  "encoded-asterisk",
] satisfies readonly WarningCode[];

export type WarningCode =
  | (typeof normalisationCodes)[number]
  | (typeof noteCodes)[number]
  | (typeof cautionCodes)[number]
  | (typeof mistakeCodes)[number];

/** `caution`: probably clears nothing, or not what was meant. `mistake`: refused unless the caller says to send it. */
export const severities = ["note", "caution", "mistake"] as const;

export type Severity = (typeof severities)[number];

/** What is undocumented, surprising or doubtful about an accepted line; the rules give a `WarningCode`. */
export type Warning = {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** A line that passes without a caution, and may be what was meant. */
  readonly suggestion?: string | undefined;
};

export function warningOf(code: WarningCode, message: string, suggestion?: string): Warning {
  const severity = mistakeCodes.some((one) => one === code)
    ? "mistake"
    : cautionCodes.some((one) => one === code)
      ? "caution"
      : "note";
  return suggestion === undefined ? { code, severity, message } : { code, severity, message, suggestion };
}

/** What happens to a line that is probably a mistake: it is refused, or sent with its warning. */
export const mistakePolicies = ["reject", "send"] as const;

export type MistakePolicy = (typeof mistakePolicies)[number];

/** Whether a line is refused only because it is probably a mistake, so that it would be sent if the caller insisted. */
export function isRefusedAsMistake(line: { readonly violations: readonly Violation[] }): boolean {
  return line.violations.every(({ code }) => code === "probably-a-mistake");
}

/** Whether a line is accepted although it is probably a mistake. */
export function isAcceptedMistake(line: { readonly warnings: readonly Warning[] }): boolean {
  return line.warnings.some(({ severity }) => severity === "mistake");
}

/** The rules' verdict on one line. Lines count from 1, through the URLs, then the images; `input` is the line as given. */
export type LineVerdict =
  | {
      readonly line: number;
      readonly input: string;
      readonly verdict: "accepted";
      /** Exactly what would be sent to ImageKit. */
      readonly url: string;
      readonly kind: TargetKind;
      readonly warnings: readonly Warning[];
    }
  | {
      readonly line: number;
      readonly input: string;
      readonly verdict: "rejected";
      readonly violations: readonly Violation[];
    }
  /** The same target, or the same image, as an earlier line; `of` is that line. */
  | { readonly line: number; readonly input: string; readonly verdict: "duplicate"; readonly of: number }
  /** Already cleared by another line's wildcard; `by` is that line. */
  | { readonly line: number; readonly input: string; readonly verdict: "covered"; readonly by: number }
  /** Cleared by the wildcards of a folder that the caller allows to be cleared whole. */
  | { readonly line: number; readonly input: string; readonly verdict: "covered"; readonly cover: string }
  | ImageLine;

/** A line that names an image, and the targets that clear it. */
export type ImageLine = {
  readonly line: number;
  readonly input: string;
  readonly verdict: "image";
  /** The path after the URL endpoint, such as `/products/shoe.jpg`. */
  readonly image: string;
  /** The name of the profile that its targets come from; absent if no profile matches. */
  readonly profile?: string | undefined;
  readonly targets: readonly ImageTarget[];
  /** What it would cost if pages used query transformations (`?tr=`) in place of path transformations. */
  readonly unitsWithQuery: number;
  readonly warnings: readonly Warning[];
};

/** A target of an image. Only accepted ones cost a unit: the others are cleared by another line, or by a cover. */
export type ImageTarget = { readonly url: string; readonly kind: TargetKind } & (
  | { readonly verdict: "accepted" }
  | { readonly verdict: "duplicate"; readonly of: number }
  | { readonly verdict: "covered"; readonly by: number }
  | { readonly verdict: "covered"; readonly cover: string }
);
