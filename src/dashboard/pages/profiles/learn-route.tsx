import { createRouter } from "../../../http/router.ts";
import { learnProfiles } from "../../../planning/learn-profiles.ts";
import { pluralize } from "../../shared/words.ts";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { readForm } from "../../ui/read-form.ts";
import { requirePerson } from "../../ui/require-person.ts";
import { learnedDrafts } from "./learned-drafts.ts";
import { ProfileForm } from "./profile-form.tsx";
import { showProfiles } from "./profiles-route.tsx";

/** Shows which profiles a text's image URLs need, and lets an admin save them. A GET of this address leads to the profiles. */
export function learnPageRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/profiles/learn", (c) => c.redirect(linkTo(dashboard, "/profiles"), 303))
    .post("/profiles/learn", requirePerson(dashboard, "read"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const text = fields.get("text") ?? "";
      const { ledger, config } = c.get("services");
      const { profiles: found, urls, ignored } = learnProfiles(text, config.endpoints);
      if (found.length === 0) {
        const problem =
          text.trim() === ""
            ? "Paste a text first."
            : `There is no image URL in it under your URL endpoints (${config.endpoints.map(({ host, path }) => host + path).join(", ")}).`;
        return showProfiles(c, dashboard, { learning: { text, problem } });
      }
      const [{ profiles }, health] = await Promise.all([ledger.readProfiles(), ledger.health()]);
      const caller = c.get("caller");
      const content = (
        <div class="profiles-page">
          <h1>What your pages use</h1>
          <p class="lead">
            {pluralize(urls, "image URL")} found. Each path transformation costs one unit for every image, so
            those found rarely are not ticked, unless a profile has them already.
          </p>
          {ignored.length === 0 ? null : (
            <ul class="ignored" id="ignored" aria-label="Left out">
              {ignored.map(({ why, count, example }) => (
                <li>
                  {why} Left out: {count.toLocaleString("en")}, such as <QuotedText text={example} />
                </li>
              ))}
            </ul>
          )}
          <ProfileForm
            basePath={dashboard.basePath}
            endpoints={config.endpoints}
            profiles={learnedDrafts(found, profiles).map((draft) => ({ draft, problems: {} }))}
            isLearned={true}
            maySave={can(caller, "admin")}
          />
        </div>
      );
      return showPage(
        c,
        dashboard,
        { title: "Profiles found", caller, health, section: "profiles" },
        content,
      );
    });
}
