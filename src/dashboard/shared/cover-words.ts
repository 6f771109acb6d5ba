import type { CoverOffer } from "../../planning/request-plan.ts";
import { countAccepted } from "./count-lines.ts";
import type { PlannedCover } from "./planned-line.ts";
import { pluralize } from "./words.ts";

/** A folder that could be cleared whole, or is: what is said of it, and the button. */
export type CoverWords = {
  readonly prefix: string;
  readonly kind: "offer" | "accepted";
  readonly text: string;
  /** Absent if the reader may not. */
  readonly button?: string | undefined;
};

const clearsMore = "It also clears other images in that folder, which are fetched again.";

type Covers = {
  /** The folders that the reader has accepted. */
  readonly accepted: readonly string[];
  /** Those of them that save something, and what clears them. */
  readonly planned: readonly PlannedCover[];
  readonly offers: readonly CoverOffer[];
  readonly mayUseWildcards: boolean;
};

/** At most this many offers are shown: the first save most. */
const mostOffers = 5;

/** What is said of each folder: those that are accepted first, then what is offered. */
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
        ? `Clearing everything below ${prefix} would save nothing now, so it is not done.`
        : `Everything below ${prefix} is cleared, for ${pluralize(units, "unit")}. ${clearsMore}`;
    return { prefix, kind: "accepted", text, button: "Undo" };
  });
  const offered = offers
    .filter(({ prefix }) => !accepted.includes(prefix))
    .slice(0, mostOffers)
    .map(({ prefix, unitsNow, unitsThen }): CoverWords => {
      const price = `${pluralize(unitsThen, "unit")} instead of ${unitsNow.toLocaleString("en")}`;
      if (!mayUseWildcards) {
        const ask = "Your token has no scope for wildcards: ask an admin to submit it.";
        return {
          prefix,
          kind: "offer",
          text: `Clearing everything below ${prefix} would cost ${price}. ${ask}`,
        };
      }
      const text = `Clear everything below ${prefix}: ${price}. ${clearsMore}`;
      return { prefix, kind: "offer", text, button: `Clear the folder for ${pluralize(unitsThen, "unit")}` };
    });
  return [...inForce, ...offered];
}
