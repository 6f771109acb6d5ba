import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { linkTo } from "../../ui/context.ts";
import { Conflict, type ProfileConflict } from "./conflict.tsx";
import type { ProfileDraft } from "./profile-draft.ts";
import { ProfileFields } from "./profile-fields.tsx";
import type { FieldProblems } from "./profile-problems.ts";

/** One profile of the form, and why it was not saved. */
export type EditedProfile = {
  readonly draft: ProfileDraft;
  readonly problems: FieldProblems;
  readonly conflict?: ProfileConflict | undefined;
};

/** The form for one profile, or for several that were found in a text. `Check` shows the price without the script. */
export function ProfileForm(props: {
  readonly basePath: string;
  readonly endpoints: readonly UrlEndpoint[];
  readonly profiles: readonly EditedProfile[];
  readonly isLearned: boolean;
  readonly maySave: boolean;
}) {
  const { basePath, endpoints, profiles, isLearned, maySave } = props;
  return (
    <form
      method="post"
      action={linkTo({ basePath }, "/profiles/edit")}
      class="profile-form"
      data-profile-form
    >
      {isLearned ? <input type="hidden" name="learned" value="yes" /> : null}
      {profiles.map(({ draft, problems, conflict }, index) => (
        <>
          {conflict === undefined ? null : <Conflict conflict={conflict} draft={draft} />}
          <ProfileFields
            draft={draft}
            index={index}
            endpoints={endpoints}
            problems={problems}
            isOptional={isLearned}
          />
        </>
      ))}
      <p class="ways-on">
        {maySave ? (
          <button type="submit" name="intent" value="save" class="primary">
            {profiles.length === 1 ? "Save the profile" : "Save the profiles"}
          </button>
        ) : (
          <span>Only an admin can save profiles: your token lacks that scope.</span>
        )}
        <button type="submit" name="intent" value="check" data-check-price>
          Check the price
        </button>
        <a href={linkTo({ basePath }, "/profiles")}>Back to the profiles</a>
      </p>
      <p class="visually-hidden" role="status" data-price-status></p>
    </form>
  );
}
