import type { SentenceParts } from "../../../../src/dashboard/ui/sentence.tsx";
import type { Purge } from "../../../../src/domain/purge.ts";
import type { EpochMs } from "../../../../src/domain/time.ts";

/** A moment of the day on which the tests play. */
export function clock(time: string): EpochMs {
  return Date.parse(`2026-11-24T${time}Z`);
}

/** A purge that was asked for at 14:02:10, and what else the test says of it. */
export function purgeWith(more: Partial<Purge>): Purge {
  return {
    id: "p_00000000000000000000000001",
    batchId: "b_00000000000000000000000001",
    lines: [1],
    url: "https://ik.imagekit.io/demo/shoe.jpg",
    kind: "exact",
    state: "queued",
    units: 1,
    attempts: 0,
    checks: 0,
    actor: "storefront",
    createdAt: clock("14:02:10"),
    timeline: [],
    batches: [{ id: "b_00000000000000000000000001", actor: "storefront" }],
    ...more,
  };
}

/** The sentence with its moments in UTC. */
export function plain(prose: SentenceParts): string {
  return prose
    .map((piece) =>
      typeof piece === "string" ? piece : `${piece.word} ${new Date(piece.at).toISOString().slice(5, 19)}`,
    )
    .join("")
    .replaceAll("11-24T", "");
}
