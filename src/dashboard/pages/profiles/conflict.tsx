import type { Profile, StoredProfile } from "../../../domain/profile.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { Callout } from "../../ui/callout.tsx";
import { Time } from "../../ui/time.tsx";
import { type ProfileDraft, profileOf } from "./profile-draft.ts";
import { ProfileFacts } from "./profile-list.tsx";

/** Somebody else changed a profile while the reader edited it. `current` is absent if it was deleted. */
export type ProfileConflict = {
  readonly current?: StoredProfile | undefined;
  readonly by?: { readonly actor: string; readonly at: EpochMs } | undefined;
  /** The reader was creating it, and somebody else created one of that name first. */
  readonly wasNew: boolean;
};

/** The profile as it is now, beside the reader's. It was not saved. */
export function Conflict(props: { readonly conflict: ProfileConflict; readonly draft: ProfileDraft }) {
  const { conflict, draft } = props;
  const { current, by, wasNew } = conflict;
  const who = by?.actor ?? "Somebody";
  const did = current === undefined ? "deleted" : wasNew ? "created" : "changed";
  return (
    <Callout kind="alarm" id={`conflict-${draft.name}`}>
      <p>
        <strong>This profile was not saved.</strong> {who} {did} it
        {by === undefined ? null : (
          <>
            {" "}
            on <Time at={by.at} />
          </>
        )}{" "}
        while you edited it
        {current === undefined
          ? ". Saving yours creates it again."
          : ": here is the current one beside yours."}
      </p>
      {current === undefined ? null : <Beside current={current} yours={profileOf(draft)} />}
    </Callout>
  );
}

function Beside({ current, yours }: { readonly current: StoredProfile; readonly yours: Profile }) {
  return (
    <>
      <div class="two">
        <section aria-label="The current profile">
          <h3>Current</h3>
          <ProfileFacts profile={current} />
        </section>
        <section aria-label="Your profile">
          <h3>Yours</h3>
          <ProfileFacts profile={yours} />
        </section>
      </div>
      <p>Yours is in the form below. Saving it again replaces the current one.</p>
    </>
  );
}
