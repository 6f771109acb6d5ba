import type { OtherPurge } from "./line-description.ts";

/** A word and a sentence for a line that a purge of another request serves. Its state is unknown if it was not read. */
export function joinedWords(
  other: OtherPurge | undefined,
  what: "URL" | "image",
): readonly [word: string, sentence: string] {
  const sent = other?.sentWhen === undefined ? "" : ` It was sent ${other.sentWhen}.`;
  if (other?.state === "completed") {
    return ["Completed", `A purge of this ${what} is completed and counts for this line too.${sent}`];
  }
  return other?.state === undefined
    ? ["Joined", `A purge of this ${what} counts for this line too.${sent}`]
    : ["In flight", `A purge of this ${what} is in flight and counts for this line too.${sent}`];
}

/** What the page says of a purge that a line could share if its image had changed before that purge was sent. */
export function shareableWords({ state, sentWhen }: OtherPurge, what: "URL" | "image"): string {
  const when = sentWhen === undefined ? "was sent before" : `was sent ${sentWhen}`;
  return state === "completed"
    ? `A purge of this ${what} ${when} and is completed.`
    : `An open purge of this ${what} ${when}.`;
}
