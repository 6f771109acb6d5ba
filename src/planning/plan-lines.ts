import type { LineVerdict, MistakePolicy } from "../domain/verdict.ts";
import { type LineReading, readLine, type Target } from "../rules/target.ts";
import type { UrlEndpoint } from "../rules/url-endpoint.ts";
import { findCoveringWildcards } from "./covered-lines.ts";

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
  { onMistake = "reject" }: PlanOptions = {},
): readonly LineVerdict[] {
  const readings = inputs.map((input) => {
    const reading = readLine(input, endpoints);
    const policy = typeof onMistake === "function" ? onMistake(input) : onMistake;
    return policy === "reject" ? refuseMistakes(reading) : reading;
  });

  const targets: Target[] = [];
  const firstLine = new Map<string, number>();
  readings.forEach((reading, index) => {
    if (!("target" in reading) || firstLine.has(reading.target.url)) return;
    firstLine.set(reading.target.url, index + 1);
    targets.push(reading.target);
  });
  const coveredBy = findCoveringWildcards(targets);

  return inputs.flatMap((input, index): LineVerdict[] => {
    const reading = readings[index];
    const line = index + 1;
    if (reading === undefined) return [];
    if ("violations" in reading)
      return [{ line, input, verdict: "rejected", violations: reading.violations }];
    const { target, warnings } = reading;
    const { url, kind } = target;
    const covering = coveredBy.get(url);
    const by = covering === undefined ? undefined : firstLine.get(covering.url);
    if (by !== undefined) return [{ line, input, verdict: "covered", by }];
    const first = firstLine.get(url);
    if (first !== undefined && first !== line) return [{ line, input, verdict: "duplicate", of: first }];
    return [{ line, input, verdict: "accepted", url, kind, warnings }];
  });
}

function refuseMistakes(reading: LineReading): LineReading {
  if ("violations" in reading) return reading;
  const mistakes = reading.warnings.filter(({ severity }) => severity === "mistake");
  if (mistakes.length === 0) return reading;
  return {
    violations: mistakes.map(({ message, suggestion }) => ({
      code: "probably-a-mistake",
      message,
      suggestion,
    })),
  };
}
