import type { Batch, Submission } from "../client/client.ts";
import { shellWord } from "./shell-word.ts";
import { plural } from "./terminal.ts";

export function describeAccepted({ batches, units }: Pick<Submission, "batches" | "units">): string {
  return `Accepted for ${plural(units, "unit")}: ${batches.map(({ id }) => id).join(", ")}`;
}

/** Of a request that a later part ended. */
export function acceptedBefore(batches: readonly Batch[]): string {
  const units = batches.reduce((sum, batch) => sum + batch.units, 0);
  return `Accepted before that, for ${plural(units, "unit")}: ${batches.map(({ id }) => id).join(" ")}`;
}

/** How to go on, at no cost, with what may not have been accepted whole. */
export function runAgain(key: string): string {
  return `Run it again with --key ${shellWord(key)}: nothing that was accepted is purged twice.`;
}

/** What must reach the user of what was paid, where the output that says it all is lost. */
export function accountOf(submission: Submission): string {
  return `${describeAccepted(submission)}\n${runAgain(submission.key)}`;
}
