/** What callers see of profiles: with their price for each image, ISO times, and `null` for what is absent. */

import type { Profile, ProfileChange, StoredProfile } from "../../domain/profile.ts";
import { toIsoTime } from "../../domain/time.ts";
import { profilePrice } from "../../planning/check-profile.ts";
import type { learnProfiles } from "../../planning/learn-profiles.ts";
import { maskSignature } from "../../rules/signed-url.ts";

export function storedProfileView(profile: StoredProfile) {
  const { version, changedAt, changedBy } = profile;
  return {
    ...profileView(profile),
    ...profilePrice(profile),
    version,
    changedAt: toIsoTime(changedAt),
    changedBy,
  };
}

export function profileChangeView({ at, actor, name, before, after }: ProfileChange) {
  return {
    at: toIsoTime(at),
    actor,
    name,
    before: before === undefined ? null : profileView(before),
    after: after === undefined ? null : profileView(after),
  };
}

export function learnedView({ profiles, urls, ignored }: ReturnType<typeof learnProfiles>) {
  return {
    profiles: profiles.map(({ seen, ...profile }) => ({
      ...profileView(profile),
      ...profilePrice(profile),
      seen,
    })),
    urls,
    ignored: ignored.map(({ example, ...rest }) => ({ ...rest, example: maskSignature(example) })),
  };
}

function profileView({ name, paths, endpoints, transformations }: Profile) {
  return { name, paths, endpoints, transformations };
}
