/**
 * The words for a planned line, the same on the server and in the browser. A line that fails our rules is “rejected”;
 * “refused” means that ImageKit refused a purge that was sent.
 */

import type { PurgeState } from "../../domain/purge.ts";
import type { LineVerdict } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { JoinedLine } from "../../use-cases/plan-purges.ts";
import { pluralize } from "./words.ts";

export type PlannedLine = LineVerdict | JoinedLine;

/**
 * A purge of the same target that is open or was completed within a day. State and time are known only if it was read.
 */
export type OtherPurge = {
  readonly id: string;
  readonly state?: PurgeState | undefined;
  /** `at 14:02` or `on 24 Nov, 14:02 UTC`. */
  readonly sentWhen?: string | undefined;
};

export type LineNote = {
  readonly text: string;
  /** A line that would be accepted instead. */
  readonly suggestion?: string | undefined;
  readonly purgeId?: string | undefined;
};

export type LineDescription = {
  readonly line: number;
  readonly input: string;
  readonly tone: "accepted" | "rejected" | "free" | "ask";
  readonly word: string;
  readonly price: string;
  readonly notes: readonly LineNote[];
};

export type LineContext = {
  readonly mayUseWildcards: boolean;
  /** The purge that a line joins or could join. */
  readonly others: ReadonlyMap<number, OtherPurge>;
  /** Codes of the warnings that are shown once for all lines. */
  readonly folded: ReadonlySet<string>;
};

export function describeLine(planned: PlannedLine, context: LineContext): LineDescription {
  const { line } = planned;
  const input = maskSignature(planned.input.trim());
  switch (planned.verdict) {
    case "accepted":
      return { line, input, ...acceptedWords(planned, context) };
    case "rejected":
      return { line, input, tone: "rejected", word: "Rejected", price: "", notes: violationNotes(planned) };
    case "duplicate": {
      const text = `The same as line ${planned.of}, which clears it.`;
      return { line, input, tone: "free", word: "Repeated", price: "free", notes: [{ text }] };
    }
    case "covered": {
      const text = `The wildcard on line ${planned.by} clears it too.`;
      return { line, input, tone: "free", word: "Covered", price: "free", notes: [{ text }] };
    }
    case "joined": {
      const other = context.others.get(line);
      const sent = other?.sentWhen === undefined ? "" : ` It was sent ${other.sentWhen}.`;
      const [word, what] = joinedWords(other?.state);
      const notes = [{ text: `A purge of this URL ${what}.${sent}`, purgeId: planned.purgeId }];
      return { line, input, tone: "free", word, price: "free", notes };
    }
  }
}

/** The state is unknown if the purge was not read. */
function joinedWords(state: PurgeState | undefined): readonly [word: string, what: string] {
  if (state === "completed") return ["Completed", "is completed and counts for this line too"];
  return state === undefined
    ? ["Joined", "counts for this line too"]
    : ["In flight", "is in flight and counts for this line too"];
}

function acceptedWords(
  { line, kind, warnings }: Extract<PlannedLine, { verdict: "accepted" }>,
  { mayUseWildcards, others, folded }: LineContext,
): Pick<LineDescription, "tone" | "word" | "price" | "notes"> {
  const notes: LineNote[] = warnings
    .filter(({ code }) => !folded.has(code))
    .map(({ message }) => ({ text: maskSignature(message) }));
  const other = others.get(line);
  if (other !== undefined) notes.unshift({ text: shareable(other), purgeId: other.id });
  if (kind === "wildcard" && !mayUseWildcards) {
    const text =
      "A wildcard needs the scope wildcard, which your token does not have. Ask an admin, or enter exact URLs.";
    return { tone: "ask", word: "Ask an admin", price: "", notes: [{ text }, ...notes] };
  }
  return {
    tone: "accepted",
    word: "Accepted",
    price: kind === "wildcard" ? "wildcard, 1 unit" : "1 unit",
    notes,
  };
}

function shareable({ state, sentWhen }: OtherPurge): string {
  const when = sentWhen === undefined ? "was sent before" : `was sent ${sentWhen}`;
  return state === "completed"
    ? `A purge of this URL ${when} and is completed.`
    : `An open purge of this URL ${when}.`;
}

function violationNotes({ violations }: Extract<PlannedLine, { verdict: "rejected" }>): readonly LineNote[] {
  const suggested = new Set<string>();
  return violations.map(({ message, suggestion }) => {
    const isNew = suggestion !== undefined && !suggested.has(suggestion);
    if (isNew) suggested.add(suggestion);
    return { text: maskSignature(message), suggestion: isNew ? suggestion : undefined };
  });
}

/** `12 lines accepted, 1 rejected, 2 repeated or covered, 1 joined, 12 units`. */
export function summarizeLines(planned: readonly PlannedLine[]): string {
  const count = (...verdicts: readonly PlannedLine["verdict"][]) =>
    planned.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const accepted = count("accepted");
  const others = [
    [count("rejected"), "rejected"],
    [count("duplicate", "covered"), "repeated or covered"],
    [count("joined"), "joined"],
  ] as const;
  const said = others.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  return [`${pluralize(accepted, "line")} accepted`, ...said, pluralize(accepted, "unit")].join(", ");
}
