import type { Batch } from "../domain/batch.ts";
import type { Profile, Profiles, StoredProfile } from "../domain/profile.ts";

/** What must be known before a request with images is planned. */
export type PrepareReply =
  | { readonly outcome: "new"; readonly profiles: readonly StoredProfile[] }
  /** A batch with the same key and body exists; this is how it is now. */
  | { readonly outcome: "replayed"; readonly batch: Batch }
  | { readonly outcome: "key-reused" };

export type ChangeProfile = {
  readonly name: string;
  /** Absent to delete the profile. */
  readonly profile?: Profile | undefined;
  /** The version of all profiles that the change was checked against. */
  readonly expectedVersion: number;
  readonly actor: string;
};

/** `conflict`: another change came first; nothing was written, and `profiles` are those in force. */
export type ChangeProfileReply =
  | { readonly outcome: "changed"; readonly profiles: Profiles }
  | { readonly outcome: "conflict"; readonly profiles: Profiles };
