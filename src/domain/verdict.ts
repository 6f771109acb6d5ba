import type { TargetKind } from "./purge.ts";

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

/** Why a line is refused: the rule, what the line has, what would pass. */
export type Violation = {
  readonly code: ViolationCode;
  readonly message: string;
  /** A line that would pass instead, where one exists. */
  readonly suggestion?: string | undefined;
};

/** A violation while a line is being read: `repaired` may become the suggestion, if it passes the rules itself. */
export type Refusal = {
  readonly code: ViolationCode;
  readonly message: string;
  readonly repaired?: string | undefined;
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
export const cautionCodes = [
  "http-scheme",
  "stray-percent",
  "encoded-asterisk",
  "stray-text",
  "exact-only",
  "folder-without-wildcard",
  "path-transformations-persist",
  "wildcard-transformed",
  "wildcard-after-query",
  "wildcard-may-be-too-broad",
  "wildcard-folder-unclear",
] as const;

export type WarningCode = (typeof normalisationCodes)[number] | (typeof cautionCodes)[number];

/** What is undocumented or surprising about an accepted line; the rules give a `WarningCode`. */
export type Warning = { readonly code: string; readonly message: string };

/** The rules' verdict on one line. Lines count from 1; `input` is the line as given. */
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
