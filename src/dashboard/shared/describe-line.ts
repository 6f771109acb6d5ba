/**
 * The words for a planned line before it is submitted, the same on the server and in the browser. A line that passes is
 * “ready”; “accepted” and “refused” are what ImageKit says of a purge that was sent.
 */

import { isAcceptedMistake, isRefusedAsMistake } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { describeImage } from "./describe-image.ts";
import type { LineContext, LineDescription, LineNote } from "./line-description.ts";
import { allowedSuggestion, doubtful, notesOf, wordsFor } from "./line-notes.ts";
import { joinedWords, shareableWords } from "./other-purge.ts";
import type { PlannedLine } from "./planned-line.ts";

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
    case "image":
      return describeImage(planned, context);
    case "covered": {
      const text =
        "cover" in planned
          ? `It is cleared with the folder ${planned.cover}.`
          : `The wildcard on line ${planned.by} clears it too.`;
      return { line, input, tone: "free", word: "Covered", price: "free", notes: [{ text }] };
    }
    case "joined": {
      const [word, text] = joinedWords(context.others.get(line), "URL");
      const notes = [{ text, purgeId: planned.purgeId }];
      return { line, input, tone: "free", word, price: "free", notes };
    }
  }
}

type Words = Pick<LineDescription, "tone" | "word" | "notes" | "mistake">;

const askAnAdmin = "Ask an admin to purge this, or enter exact URLs: your token has no scope for wildcards.";

function acceptedWords(
  { line, kind, warnings }: Extract<PlannedLine, { verdict: "accepted" }>,
  { mayUseWildcards, others, folded, counts }: LineContext,
): Words & Pick<LineDescription, "price"> {
  const isDoubtful = warnings.some(({ severity }) => severity !== "note");
  const notes = [...notesOf(warnings, { mayUseWildcards, folded })];
  const other = others.get(line);
  if (other !== undefined) notes.push({ text: shareableWords(other, "URL"), purgeId: other.id });
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

function rejectedWords(
  planned: Extract<PlannedLine, { verdict: "rejected" }>,
  { mayUseWildcards }: LineContext,
): Words {
  const isMistake = isRefusedAsMistake(planned);
  const suggested = new Set<string>();
  const notes = planned.violations.flatMap(({ code, message, why, suggestion }): readonly LineNote[] => {
    if (code.startsWith("wildcard-") && !mayUseWildcards) return [];
    const offered = allowedSuggestion(suggestion, mayUseWildcards);
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
