/**
 * The words for a planned line before it is submitted, the same on the server and in the browser. A line that passes is
 * “ready”; “accepted” and “refused” are what ImageKit says of a purge that was sent.
 */

import type { PurgeState } from "../../domain/purge.ts";
import { isAcceptedMistake, isRefusedAsMistake } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { LineCounts } from "./count-lines.ts";
import type { PlannedLine } from "./planned-line.ts";

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
  /** `caution`: the line probably clears nothing, or not what was meant. */
  readonly severity?: "caution" | undefined;
  /** Details, shown on demand. */
  readonly why?: string | undefined;
  /** What would be accepted instead: one line, or several with a line break between them. */
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
  /** Whether the line is probably a mistake, and whether it is sent anyway. */
  readonly mistake?: "refused" | "confirmed" | undefined;
};

export type LineContext = {
  readonly mayUseWildcards: boolean;
  /** The purge that a line joins or could join. */
  readonly others: ReadonlyMap<number, OtherPurge>;
  /** Codes of the warnings that are shown once for all lines. */
  readonly folded: ReadonlySet<string>;
  readonly counts: LineCounts;
};

export function describeLine(planned: PlannedLine, context: LineContext): LineDescription {
  const { line } = planned;
  const input = maskSignature(planned.input.trim());
  switch (planned.verdict) {
    case "accepted":
      return { line, input, ...acceptedWords(planned, context) };
    case "rejected":
      return { line, input, price: "", ...rejectedWords(planned, context) };
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

const doubtful = "This probably clears nothing, or not what you mean.";

type Words = Pick<LineDescription, "tone" | "word" | "notes" | "mistake">;

const askAnAdmin = "Ask an admin to purge this, or enter exact URLs: your token has no scope for wildcards.";

function acceptedWords(
  { line, kind, warnings }: Extract<PlannedLine, { verdict: "accepted" }>,
  { mayUseWildcards, others, folded, counts }: LineContext,
): Words & Pick<LineDescription, "price"> {
  const isDoubtful = warnings.some(({ severity }) => severity !== "note");
  const notes: LineNote[] = [...warnings]
    .sort((one, other) => rank[one.severity] - rank[other.severity])
    .filter(({ code }) => !folded.has(code) && !(isDoubtful && code === "exact-only"))
    .map(
      ({ message, severity, suggestion }): LineNote => ({
        text: maskSignature(wordsFor(message, mayUseWildcards)) || (severity === "note" ? "" : doubtful),
        severity: severity === "note" ? undefined : "caution",
        suggestion: allowed(suggestion, mayUseWildcards),
      }),
    )
    .filter(({ text }) => text !== "");
  const other = others.get(line);
  if (other !== undefined) notes.push({ text: shareable(other), purgeId: other.id });
  if (kind === "wildcard" && !mayUseWildcards) {
    return { tone: "ask", word: "Ask an admin", price: "", notes: [{ text: askAnAdmin }] };
  }
  const unit = kind === "wildcard" ? "wildcard, 1 unit" : "1 unit";
  const isHeld = counts.standings.get(line) === "held";
  return {
    tone: isDoubtful || isHeld ? "ask" : "accepted",
    word: isHeld ? "Held" : "Ready",
    price: isHeld ? `until ${counts.resetsOn}, ${unit}` : unit,
    notes,
    mistake: isAcceptedMistake({ warnings }) ? "confirmed" : undefined,
  };
}

const rank = { mistake: 0, caution: 1, note: 2 } as const;

function rejectedWords(
  planned: Extract<PlannedLine, { verdict: "rejected" }>,
  { mayUseWildcards }: LineContext,
): Words {
  const isMistake = isRefusedAsMistake(planned);
  const suggested = new Set<string>();
  const notes = planned.violations.flatMap(({ code, message, why, suggestion }): readonly LineNote[] => {
    if (code.startsWith("wildcard-") && !mayUseWildcards) return [];
    const offered = allowed(suggestion, mayUseWildcards);
    const isNew = offered !== undefined && !suggested.has(offered);
    if (isNew) suggested.add(offered);
    const text = wordsFor(message, mayUseWildcards);
    if (text === "") return [];
    const details =
      why !== undefined && (mayUseWildcards || !why.includes("*")) ? maskSignature(why) : undefined;
    return [{ text: maskSignature(text), why: details, suggestion: isNew ? offered : undefined }];
  });
  const word = isMistake ? "Probably a mistake" : "To fix";
  const tone = isMistake ? "ask" : "rejected";
  const said = notes.length === 0 ? [{ text: isMistake ? doubtful : askAnAdmin }] : notes;
  return { tone, word, notes: said, mistake: isMistake ? "refused" : undefined };
}

/** Nobody is taught what they may not use. */
function allowed(suggestion: string | undefined, mayUseWildcards: boolean): string | undefined {
  return mayUseWildcards || !/\*$/m.test(suggestion ?? "") ? suggestion : undefined;
}

/** A message, for people who may not purge wildcards without the sentences about them; possibly empty. */
export function wordsFor(message: string, mayUseWildcards: boolean): string {
  if (mayUseWildcards) return message;
  const kept = message.split(". ").filter((sentence) => !/\*|wildcard/i.test(sentence));
  return kept.join(". ").replace(/\.?$/, kept.length === 0 ? "" : ".");
}

function shareable({ state, sentWhen }: OtherPurge): string {
  const when = sentWhen === undefined ? "was sent before" : `was sent ${sentWhen}`;
  return state === "completed"
    ? `A purge of this URL ${when} and is completed.`
    : `An open purge of this URL ${when}.`;
}
