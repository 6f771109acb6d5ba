import type { EpochMs } from "./time.ts";

/** How a shop's pages build the URLs of the images below some paths. */
export type Profile = {
  /** 1 to 32 of a-z, 0-9 and `-`. */
  readonly name: string;
  /** Prefixes of the path after the URL endpoint; `/` matches every image. Each belongs to one profile. */
  readonly paths: readonly string[];
  /** URL endpoints from which pages serve these images, as configured, such as `https://ik.imagekit.io/demo`. */
  readonly endpoints: readonly string[];
  /** Path transformations in use, such as `tr:w-400` or `tr:w-{640,750},c-at_max`, which stands for two. */
  readonly transformations: readonly string[];
};

/** A profile as the ledger keeps it. */
export type StoredProfile = Profile & {
  /** The version of all profiles with which this one last changed. */
  readonly version: number;
  readonly changedAt: EpochMs;
  readonly changedBy: string;
};

/** All profiles of a ledger. Every change raises the version by one; it is 0 before the first. */
export type Profiles = { readonly version: number; readonly profiles: readonly StoredProfile[] };

/** One change in the history of the profiles. `before` is absent where it was created, `after` where it was deleted. */
export type ProfileChange = {
  readonly at: EpochMs;
  readonly actor: string;
  readonly name: string;
  readonly before?: Profile | undefined;
  readonly after?: Profile | undefined;
};
