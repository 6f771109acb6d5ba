import type { Batch } from "../../domain/batch.ts";
import { isTerminal } from "../../domain/purge.ts";
import { pluralize } from "../shared/words.ts";

/** `3 units, 1 returned`: what the batch cost when it was accepted, and what has become of it since. */
export function costOf({ id, units, lines, purges }: Batch): string {
  const own = purges.filter(({ batchId }) => batchId === id);
  const returned = own.filter((purge) => isTerminal(purge.state) && purge.units === 0).length;
  const held = own.filter(({ state }) => state === "held").length;
  const resent = own.reduce((sum, purge) => sum + Math.max(0, purge.units - 1), 0);
  const since = [
    units === 0 ? "free" : pluralize(units, "unit"),
    ...(returned === 0 ? [] : [`${returned} returned`]),
    ...(resent === 0 ? [] : [resent === 1 ? "1 more for a resend" : `${resent} more for resends`]),
    ...(held === 0 ? [] : [`${held} not charged yet`]),
  ].join(", ");
  const joined = lines.filter(({ verdict }) => verdict === "joined").length;
  const ownIds = new Set(own.map((purge) => purge.id));
  const shared = new Set(
    lines.flatMap((line) =>
      line.verdict === "image" ? line.purgeIds.filter((one) => !ownIds.has(one)) : [],
    ),
  ).size;
  const free = [
    ...(joined === 0 ? [] : [joined === 1 ? "1 joined line is" : `${joined} joined lines are`]),
    ...(shared === 0
      ? []
      : [shared === 1 ? "1 joined purge of an image is" : `${shared} joined purges of images are`]),
  ];
  return free.length === 0 ? since : `${since}; ${free.join(" free, ")} free`;
}
