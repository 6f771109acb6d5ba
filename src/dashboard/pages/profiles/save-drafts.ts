import type { Caller } from "../../../domain/caller.ts";
import type { Profile } from "../../../domain/profile.ts";
import { checkProfile } from "../../../planning/check-profile.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import type { Services } from "../../../services.ts";
import { applyProfileChange } from "../../../use-cases/change-profile.ts";
import { type ProfileDraft, profileOf } from "./profile-draft.ts";
import type { EditedProfile } from "./profile-form.tsx";
import { type FieldProblems, problemsByField } from "./profile-problems.ts";

/** Checks the profiles of a form against one another and the stored ones, so that either all can be saved or none is. */
export function checkDrafts(
  drafts: readonly ProfileDraft[],
  stored: readonly Profile[],
  endpoints: readonly UrlEndpoint[],
): readonly EditedProfile[] {
  let others = stored;
  return drafts.map((draft) => {
    if (!draft.isWanted) return { draft, problems: {} };
    const profile = profileOf(draft);
    const taken = draft.was === "" && others.some(({ name }) => name === draft.name);
    const checked = checkProfile(profile, others, endpoints);
    const faults = "faults" in checked ? problemsByField(checked.faults) : {};
    others = [...others.filter(({ name }) => name !== profile.name), profile];
    return { draft, problems: taken ? { ...faults, name: nameTaken } : faults };
  });
}

const nameTaken = "There is a profile of this name already. Choose another one, or edit that profile.";

/**
 * Saves the profiles of a form, one after another. Gives those that were not saved, with the reason: nothing is written
 * over a change that the reader has not seen.
 */
export async function saveDrafts(
  services: Services,
  caller: Caller,
  drafts: readonly ProfileDraft[],
): Promise<readonly EditedProfile[]> {
  const refused: EditedProfile[] = [];
  for (const draft of drafts) {
    if (!draft.isWanted) continue;
    const profile = profileOf(draft);
    const expected = draft.was === "" ? "absent" : draft.version;
    const reply = await applyProfileChange(services, caller, { name: draft.name, profile, expected });
    switch (reply.outcome) {
      case "created":
      case "changed":
      case "unchanged":
      case "deleted":
      case "not-found":
        break;
      case "invalid":
        refused.push({ draft, problems: problemsByField(reply.faults) });
        break;
      case "changed-meanwhile": {
        const { current, change } = reply;
        const was = current === undefined ? "" : draft.name;
        const next = { ...draft, was, version: current?.version ?? 0 };
        refused.push({
          draft: next,
          problems: {},
          conflict: { current, by: change, wasNew: draft.was === "" },
        });
        break;
      }
      case "busy":
        refused.push({ draft, problems: busy });
        break;
    }
  }
  return refused;
}

const busy: FieldProblems = {
  other: "Other profiles kept changing, so this one was not saved. Save it again.",
};
