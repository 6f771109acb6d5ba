import type { Caller } from "../domain/caller.ts";
import type { Profile, ProfileChange, StoredProfile } from "../domain/profile.ts";
import { checkProfile, type ProfileFault } from "../planning/check-profile.ts";
import type { Services } from "../services.ts";

/** The version of the profile that the caller has seen; `absent`: none; `any`: whichever there is. */
export type ExpectedProfile = number | "absent" | "any" | undefined;

export type ProfileRequest = {
  readonly name: string;
  /** Absent to delete the profile. */
  readonly profile?: Profile | undefined;
  readonly expected: ExpectedProfile;
};

export type ChangeProfileOutcome =
  | { readonly outcome: "created" | "changed" | "unchanged"; readonly profile: StoredProfile }
  | { readonly outcome: "deleted" }
  | { readonly outcome: "not-found" }
  | { readonly outcome: "invalid"; readonly faults: readonly ProfileFault[] }
  /** The profile is not as the caller has seen it. `current` is absent if there is none; `change` is its latest one. */
  | {
      readonly outcome: "changed-meanwhile";
      readonly current?: StoredProfile | undefined;
      readonly change?: ProfileChange | undefined;
    }
  /** Other profiles kept changing. */
  | { readonly outcome: "busy" };

/** A change is tried at most this often: each time another profile has changed between its check and its write. */
const tries = 5;

/**
 * Creates, replaces or deletes a profile, unless it has changed since the caller saw it. Profiles are checked against one
 * another, so the ledger accepts the change only if none has changed since the check; if another one has, it is checked
 * again. A change that was made already is not an error: the caller may not have seen the reply.
 */
export async function applyProfileChange(
  services: Services,
  caller: Caller,
  { name, profile: wanted, expected }: ProfileRequest,
): Promise<ChangeProfileOutcome> {
  const { ledger, config, log } = services;
  for (let left = tries; left > 0; left -= 1) {
    const { version, profiles, history } = await ledger.readProfiles();
    const current = profiles.find((profile) => profile.name === name);
    const others = profiles.filter((profile) => profile !== current);
    const checked = wanted && checkProfile(wanted, others, config.endpoints);
    if (checked && "faults" in checked) return { outcome: "invalid", faults: checked.faults };
    const profile = checked?.profile;
    if (profile && current && isSame(profile, current)) return { outcome: "unchanged", profile: current };
    // After a conflict, the profile may be gone because an earlier try deleted it and its reply was lost.
    if (!profile && !current) return { outcome: left < tries ? "deleted" : "not-found" };
    if (!isExpected(current, expected)) {
      return {
        outcome: "changed-meanwhile",
        current,
        change: history.find((change) => change.name === name),
      };
    }

    const reply = await ledger.changeProfile({ name, profile, expectedVersion: version, actor: caller.name });
    if (reply.outcome === "conflict") continue;
    log("profile-changed", { profile: name, actor: caller.name, version: reply.profiles.version });
    const stored = reply.profiles.profiles.find((each) => each.name === name);
    if (!stored) return { outcome: "deleted" };
    return { outcome: current ? "changed" : "created", profile: stored };
  }
  return { outcome: "busy" };
}

/** An existing profile changes only for a caller who has seen it; a new one needs no proof. */
function isExpected(current: StoredProfile | undefined, expected: ExpectedProfile): boolean {
  if (current === undefined) return expected === undefined || expected === "absent";
  return expected === "any" || expected === current.version;
}

function isSame(one: Profile, other: Profile): boolean {
  const content = ({ paths, endpoints, transformations }: Profile) =>
    JSON.stringify([paths, endpoints, transformations]);
  return content(one) === content(other);
}
