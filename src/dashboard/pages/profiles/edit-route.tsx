import type { Context } from "hono";
import type { StoredProfile } from "../../../domain/profile.ts";
import type { Env } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import { pluralize } from "../../shared/words.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { readForm } from "../../ui/read-form.ts";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { draftOf, emptyDraft, readDrafts } from "./profile-draft.ts";
import { type EditedProfile, ProfileForm } from "./profile-form.tsx";
import { checkDrafts, saveDrafts } from "./save-drafts.ts";

/** The form for a new profile, or for a stored one. */
export function editProfileRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/profiles/edit", requirePerson(dashboard, "read"), async (c) => {
      const name = c.req.query("name");
      const { profiles } = await c.get("services").ledger.readProfiles();
      const stored = profiles.find((profile) => profile.name === name);
      if (name !== undefined && stored === undefined) {
        return notFoundPage(c, dashboard, "There is no profile of this name. It may have been deleted.");
      }
      return showForm(c, dashboard, { profiles: [edited(stored)], isLearned: false });
    })
    .post("/profiles/edit", requirePerson(dashboard, "admin"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const drafts = readDrafts(fields);
      const isLearned = fields.get("learned") === "yes";
      const { ledger, config } = c.get("services");
      const { profiles: stored } = await ledger.readProfiles();
      const checked = checkDrafts(drafts, stored, config.endpoints);
      const isSound = checked.every(({ problems }) => Object.values(problems).every((text) => !text));
      if (fields.get("intent") !== "save" || !isSound) {
        return showForm(c, dashboard, { profiles: checked, isLearned, isRefused: !isSound });
      }
      const refused = await saveDrafts(c.get("services"), c.get("caller"), drafts);
      if (refused.length === 0) return c.redirect(linkTo(dashboard, "/profiles?done=saved"), 303);
      const saved = drafts.filter(({ isWanted }) => isWanted).length - refused.length;
      return showForm(c, dashboard, { profiles: refused, isLearned, isRefused: true, saved });
    });
}

function edited(stored: StoredProfile | undefined): EditedProfile {
  return { draft: stored === undefined ? emptyDraft : draftOf(stored), problems: {} };
}

type Shown = {
  readonly profiles: readonly EditedProfile[];
  readonly isLearned: boolean;
  readonly isRefused?: boolean | undefined;
  /** How many other profiles of the form were saved. */
  readonly saved?: number | undefined;
};

async function showForm(
  c: Context<Env>,
  dashboard: DashboardContext,
  { profiles, isLearned, isRefused = false, saved = 0 }: Shown,
) {
  const { ledger, config } = c.get("services");
  const caller = c.get("caller");
  const health = await ledger.health();
  const [first] = profiles;
  const heading =
    first === undefined || first.draft.was === "" || isLearned ? "New profile" : `Profile ${first.draft.was}`;
  const isConflict = profiles.some(({ conflict }) => conflict !== undefined);
  const content = (
    <div class="profiles-page">
      <h1>{heading}</h1>
      {saved === 0 ? null : (
        <Callout kind="info">
          <p>
            {pluralize(saved, "other profile")} of the form {saved === 1 ? "was" : "were"} saved.
          </p>
        </Callout>
      )}
      <ProfileForm
        basePath={dashboard.basePath}
        endpoints={config.endpoints}
        profiles={profiles}
        isLearned={isLearned}
        maySave={can(caller, "admin")}
      />
    </div>
  );
  const about = {
    title: isRefused ? `Not saved: ${heading}` : heading,
    caller,
    health,
    section: "profiles",
  } as const;
  if (isRefused) c.set("problemCode", isConflict ? "profile-changed" : "invalid-body");
  return showPage(c, dashboard, about, content, isConflict ? 412 : isRefused ? 422 : 200);
}
