import type { TargetKind } from "../purge.ts";

export const violationCodes = [
  "empty-url",
  "not-a-url",
  "unsupported-scheme",
  "has-credentials",
  "unknown-endpoint",
  "url-too-long",
  "control-character",
  "wildcard-not-last",
  "wildcard-too-broad",
  "wildcard-folder-unsupported",
] as const;

export type ViolationCode = (typeof violationCodes)[number];

/** Why a line is refused: the rule, what was seen, what would pass. */
export type Violation = {
  readonly code: ViolationCode;
  readonly message: string;
  /** A line that would pass instead, where one exists. */
  readonly suggestion?: string | undefined;
};

/** What is undocumented or surprising about an accepted line. */
export type Warning = { readonly code: string; readonly message: string };

/** What the rules alone say of one line. Lines count from 1; `input` is the line as it was given. */
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
  /** The same target as an earlier line; `of` is that line. */
  | { readonly line: number; readonly input: string; readonly verdict: "duplicate"; readonly of: number }
  /** Already cleared by another line's wildcard; `by` is that (accepted) line. */
  | { readonly line: number; readonly input: string; readonly verdict: "covered"; readonly by: number };
