import type { PurgeState } from "../../domain/purge.ts";
import type { LineCounts } from "./count-lines.ts";

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
  /** The image that was understood, where the line names it in another way. */
  readonly understood?: string | undefined;
  /** The name of the image's profile. */
  readonly profile?: string | undefined;
  /** The URLs of an image, and what each costs or why it is free. */
  readonly targets?: readonly { readonly url: string; readonly said: string }[] | undefined;
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
