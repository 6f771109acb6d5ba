import type { Problem, PurgeDeskError, RejectedLine } from "../client/client.ts";
import type { SourceOf } from "./read-targets.ts";

type Lines = NonNullable<Problem["lines"]>;

const mostNamed = 5;

/**
 * What a request was refused for. The service's own sentence names fields of the request and numbers of lines, so this one
 * has the options that the user gave, and the places where the lines are.
 */
export function sentenceOf({ code, message, problem, batches }: PurgeDeskError, sourceOf: SourceOf): string {
  const faults = problem?.errors ?? [];
  if (code === "invalid-body" && faults.length > 0) {
    return faults.map(({ at, message }) => `${optionOf(at)} ${withOptions(message)}.`).join(" ");
  }
  const lines = problem?.lines ?? [];
  if (lines.length === 0) return message;
  if (code === "forbidden") {
    const verb = lines.length === 1 ? "needs" : "need";
    return `${placesOf(numbersOf(lines), sourceOf)} ${verb} the scope ${problem?.scope}, which the token lacks.`;
  }
  const rejected = rejectedIn(lines);
  const places = placesOf(numbersOf(rejected), sourceOf);
  const nothing = batches.length === 0 ? "; nothing was submitted or charged" : "";
  const advice = rejected.some(isOnlyAMistake)
    ? " Where a line is right although it looks like a mistake, --send-mistakes sends it."
    : "";
  return `${places} cannot be purged${nothing}.${advice}`;
}

/** Whether nothing but values of options was wrong: a mistake in how the command was called. */
export function isOfOptions({ problem }: PurgeDeskError): boolean {
  const faults = problem?.errors ?? [];
  return faults.length > 0 && faults.every(({ at }) => optionFor(at) !== undefined);
}

const options = new Map([
  ["reason", "--reason"],
  ["changedAt", "--changed-at"],
  ["sendAfter", "--send-after"],
  ["settleSeconds", "--settle"],
  ["cover", "--cover"],
]);

/** `/sendAfter` is what `--send-after` said, `/cover/1` the second `--cover`. */
function optionOf(pointer: string): string {
  const option = optionFor(pointer) ?? pointer;
  const index = pointer.split("/")[2];
  return index === undefined ? option : `${option} number ${Number(index) + 1}`;
}

/** A message about one field may name another. */
function withOptions(message: string): string {
  return message.replace(/\b[a-z]+[A-Z]\w+\b/g, (field) => options.get(field) ?? field);
}

function optionFor(pointer: string): string | undefined {
  return options.get(pointer.split("/")[1] ?? "");
}

/** Why a line cannot be purged. Pages have a field for URLs; here a line may be an image too. */
export function reasonsOf({ input, violations }: RejectedLine): readonly string[] {
  const messages = violations.map(({ message }) => message);
  const mayBePath = violations.some(({ code }) => code === "not-a-url") && /^[^/].*\.\w+$/.test(input);
  return mayBePath
    ? [...messages, "If it is an image, begin its path with /, as in /products/shoe.jpg."]
    : messages;
}

export function rejectedIn(lines: Lines): readonly RejectedLine[] {
  return lines.flatMap((line) => (typeof line === "object" && line.verdict === "rejected" ? [line] : []));
}

function numbersOf(lines: readonly (number | { readonly line: number })[]): readonly number[] {
  return lines.map((line) => (typeof line === "number" ? line : line.line));
}

function placesOf(numbers: readonly number[], sourceOf: SourceOf): string {
  const more = numbers.length > mostNamed ? [`${numbers.length - mostNamed} more`] : [];
  return [...numbers.slice(0, mostNamed).map(sourceOf), ...more].join(", ");
}

function isOnlyAMistake({ violations }: RejectedLine): boolean {
  return violations.every(({ code }) => code === "probably-a-mistake");
}
