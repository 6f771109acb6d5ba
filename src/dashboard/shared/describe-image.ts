import { maskSignature } from "../../rules/signed-url.ts";
import { countAccepted } from "./count-lines.ts";
import type { LineContext, LineDescription, LineNote } from "./line-description.ts";
import { notesOf } from "./line-notes.ts";
import { joinedWords, shareableWords } from "./other-purge.ts";
import type { PlannedImage, PlannedTarget } from "./planned-line.ts";
import { pluralize } from "./words.ts";

/** What the page says of a line that names an image: which image, what it costs, and each URL that is cleared. */
export function describeImage(planned: PlannedImage, context: LineContext): LineDescription {
  const { line, image, profile, warnings } = planned;
  const { others, counts, folded, mayUseWildcards } = context;
  const input = maskSignature(planned.input.trim());
  const units = countAccepted(planned.targets);
  const other = others.get(line);
  const notes: LineNote[] = [...notesOf(warnings, { mayUseWildcards, folded })];
  if (other !== undefined && units > 0)
    notes.push({ text: shareableWords(other, "image"), purgeId: other.id });
  const about = {
    line,
    input,
    notes,
    targets: planned.targets.map((target) => targetWords(target, mayUseWildcards)),
  };
  const understood = input === image ? undefined : image;
  if (units === 0) {
    const joined = planned.targets.find((target) => target.verdict === "joined");
    const covers = new Set(planned.targets.flatMap((target) => ("cover" in target ? [target.cover] : [])));
    const by =
      covers.size === 0
        ? "Other lines clear all its URLs."
        : `It is cleared with ${[...covers].join(" and ")}.`;
    const [word, text] = joined === undefined ? ["Covered", by] : joinedWords(other, "image");
    const purgeId = joined?.purgeId;
    return {
      ...about,
      understood,
      profile,
      tone: "free",
      word,
      price: "free",
      notes: [...notes, { text, purgeId }],
    };
  }
  const isDoubtful = warnings.some(({ severity }) => severity !== "note");
  const isHeld = counts.standings.get(line) === "held";
  const price = pluralize(units, "unit");
  return {
    ...about,
    understood,
    profile,
    tone: isDoubtful || isHeld ? "ask" : "accepted",
    word: isHeld ? "Held" : "Ready",
    price: isHeld ? `until ${counts.resetsOn}, ${price}` : price,
  };
}

/** `9 URLs, by the profile shop`. */
export function targetsSummary(count: number, profile: string | undefined): string {
  const urls = pluralize(count, "URL");
  return profile === undefined ? urls : `${urls}, by the profile ${profile}`;
}

/** People who may not use wildcards see an image's URLs without the `*`. */
function targetWords(
  target: PlannedTarget,
  mayUseWildcards: boolean,
): { readonly url: string; readonly said: string } {
  const sent = maskSignature(target.url);
  const url = mayUseWildcards ? sent : sent.replace(/\*$/, "");
  switch (target.verdict) {
    case "accepted":
      return { url, said: "1 unit" };
    case "joined":
      return { url, said: "purged already, free" };
    case "duplicate":
      return { url, said: `the same as line ${target.of}, free` };
    case "covered":
      return {
        url,
        said: "cover" in target ? `cleared with ${target.cover}` : `cleared by line ${target.by}, free`,
      };
  }
}
