import type { CoverOffer } from "../../planning/request-plan.ts";
import { countAccepted } from "./count-lines.ts";
import type { PlannedCover } from "./planned-line.ts";
import { pluralize } from "./words.ts";

/** What the page says of a folder that could be cleared whole, or is, and its button. */
export type CoverWords = {
  readonly prefix: string;
  readonly kind: "offer" | "accepted";
  readonly text: string;
  /** Absent if the reader may not purge wildcards. */
  readonly button?: string | undefined;
};

const clearsMore = "Other images in the folder may be cleared too; ImageKit then fetches them again.";

type Covers = {
  /** The folders that the reader has accepted. */
  readonly accepted: readonly string[];
  /** Those of them that save something, and what clears them. */
  readonly planned: readonly PlannedCover[];
  readonly offers: readonly CoverOffer[];
  readonly mayUseWildcards: boolean;
};

/** Only this many offers are shown: those that save most. */
const mostOffers = 5;

/** What the page says of each folder: first those that are accepted, then those that are offered. */
export function describeCovers({
  accepted,
  planned,
  offers,
  mayUseWildcards,
}: Covers): readonly CoverWords[] {
  const inForce = accepted.map((prefix): CoverWords => {
    const cover = planned.find((one) => one.prefix === prefix);
    const units = cover === undefined ? 0 : countAccepted(cover.targets);
    const text =
      cover === undefined
        ? `Clearing the folder ${prefix} would save nothing now, so each line is cleared on its own.`
        : `What you asked for in ${prefix} is cleared together, for ${pluralize(units, "unit")}. ${clearsMore}`;
    return { prefix, kind: "accepted", text, button: "Undo" };
  });
  const offered = offers
    .filter(({ prefix }) => !accepted.includes(prefix))
    .slice(0, mostOffers)
    .map(({ prefix, unitsNow, unitsThen }): CoverWords => {
      const price = `${pluralize(unitsThen, "unit")} instead of ${unitsNow.toLocaleString("en")}`;
      if (!mayUseWildcards) {
        const ask = "Your token lacks the scope wildcard: ask an admin to submit it.";
        return {
          prefix,
          kind: "offer",
          text: `Clearing the folder ${prefix} would cost ${price}. ${ask}`,
        };
      }
      const text = `Clear the folder ${prefix}: ${price}. ${clearsMore}`;
      return { prefix, kind: "offer", text, button: `Clear the folder for ${pluralize(unitsThen, "unit")}` };
    });
  return [...inForce, ...offered];
}
