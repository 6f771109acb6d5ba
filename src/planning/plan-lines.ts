import type { LineVerdict, MistakePolicy, Violation, Warning } from "../domain/verdict.ts";
import { type LineReading, readLine, type Target } from "../rules/target.ts";
import type { UrlEndpoint } from "../rules/url-endpoint.ts";
import { findServing, type Serving } from "./serving-targets.ts";

export type PlanOptions = {
  /**
   * `reject`, the default, refuses a line that is probably a mistake; `send` accepts it with its warning. A function
   * decides for each line as given.
   */
  readonly onMistake?: MistakePolicy | ((input: string) => MistakePolicy) | undefined;
};

/**
 * The verdict on each line, in order; never throws. A line is `covered` if a wildcard on another line, before or after
 * it, clears its target. Otherwise a line that repeats a target is a `duplicate` of the first one. Only accepted lines
 * cost a unit. The caller checks how many lines are allowed (`maximumLines`).
 */
export function planLines(
  inputs: readonly string[],
  endpoints: readonly UrlEndpoint[],
  options: PlanOptions = {},
): readonly LineVerdict[] {
  const readings = inputs.map((input) => readUrlLine(input, endpoints, options));
  const servingOf = findServing(
    readings.map((reading) => ("target" in reading ? [reading.target] : [])),
    () => new Map(),
  );
  return readings.map((reading, index) => verdictOf(reading, inputs[index] ?? "", index + 1, servingOf));
}

/** Reads a line that is a URL, under the caller's policy about mistakes. */
export function readUrlLine(
  input: string,
  endpoints: readonly UrlEndpoint[],
  options: PlanOptions,
): LineReading {
  return refuseMistakes(input, readLine(input, endpoints), options);
}

export function verdictOf(
  reading: LineReading,
  input: string,
  line: number,
  servingOf: (target: Target) => Serving,
): LineVerdict {
  if ("violations" in reading) return { line, input, verdict: "rejected", violations: reading.violations };
  const { target, warnings } = reading;
  const { url, kind } = target;
  const serving = servingOf(target);
  if (serving.cover !== undefined) return { line, input, verdict: "covered", cover: serving.cover };
  const by = serving.line ?? line;
  if (serving.url !== url) return { line, input, verdict: "covered", by };
  if (by !== line) return { line, input, verdict: "duplicate", of: by };
  return { line, input, verdict: "accepted", url, kind, warnings };
}

/** A reading with mistakes as violations, unless the caller wants them sent. */
export function refuseMistakes<Reading extends { readonly warnings: readonly Warning[] }>(
  input: string,
  reading: Reading | { readonly violations: readonly Violation[] },
  { onMistake = "reject" }: PlanOptions,
): Reading | { readonly violations: readonly Violation[] } {
  if ("violations" in reading) return reading;
  const policy = typeof onMistake === "function" ? onMistake(input) : onMistake;
  const mistakes = reading.warnings.filter(({ severity }) => severity === "mistake");
  if (policy === "send" || mistakes.length === 0) return reading;
  return {
    violations: mistakes.map(({ message, suggestion }) => ({
      code: "probably-a-mistake",
      message,
      suggestion,
    })),
  };
}
