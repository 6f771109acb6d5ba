import type { OtherPurge } from "./line-description.ts";

/** A word and a sentence for a line that a purge of another request serves. Its state is unknown if it was not read. */
export function joinedWords(other: OtherPurge | undefined): readonly [word: string, sentence: string] {
  const sent = other?.sentWhen === undefined ? "" : ` It was sent ${other.sentWhen}.`;
  if (other?.state === "completed") {
    return ["Completed", `A purge of this URL is completed and counts for this line too.${sent}`];
  }
  return other?.state === undefined
    ? ["Joined", `A purge of this URL counts for this line too.${sent}`]
    : ["In flight", `A purge of this URL is in flight and counts for this line too.${sent}`];
}

/** What is said of a purge that a line could share, had its image changed before that purge was sent. */
export function shareableWords({ state, sentWhen }: OtherPurge): string {
  const when = sentWhen === undefined ? "was sent before" : `was sent ${sentWhen}`;
  return state === "completed"
    ? `A purge of this URL ${when} and is completed.`
    : `An open purge of this URL ${when}.`;
}
