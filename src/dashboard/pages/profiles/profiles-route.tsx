import type { Context } from "hono";
import type { Env } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { LearnForm } from "./learn-form.tsx";
import { ProfileHistory } from "./profile-history.tsx";
import { ProfileList } from "./profile-list.tsx";

/** How the shop's pages build the URLs of images: the profiles, what an image costs, and who changed them. */
export function profilesPageRoute(dashboard: DashboardContext) {
  return createRouter().get("/profiles", requirePerson(dashboard, "read"), (c) => showProfiles(c, dashboard));
}

type Asked = {
  /** A text in which nothing could be found, and why. */
  readonly learning?: { readonly text: string; readonly problem: string } | undefined;
};

export async function showProfiles(c: Context<Env>, dashboard: DashboardContext, { learning }: Asked = {}) {
  const { ledger, config } = c.get("services");
  const caller = c.get("caller");
  const [{ profiles, history }, health] = await Promise.all([ledger.readProfiles(), ledger.health()]);
  const mayChange = can(caller, "admin");
  const isFirst = profiles.length === 0;
  const done = c.req.query("done");
  const learn = (
    <LearnForm
      basePath={dashboard.basePath}
      endpoints={config.endpoints}
      text={learning?.text}
      problem={learning?.problem}
      isFirst={isFirst}
    />
  );
  const content = (
    <div class="profiles-page">
      <h1>Profiles</h1>
      <p class="lead">
        A profile says how your pages build the URLs of an image, so that naming the image is enough to clear
        all of them.
      </p>
      {done === "saved" || done === "deleted" ? (
        <Callout kind="ok" id="done">
          <p>
            {done === "saved" ? "Saved. New requests use it." : "Deleted. New requests no longer use it."}{" "}
            What has been submitted already stays as it is.
          </p>
        </Callout>
      ) : null}
      {isFirst ? learn : null}
      <section aria-labelledby="profiles-title">
        <h2 id="profiles-title">{isFirst ? "No profiles yet" : "In force"}</h2>
        {isFirst ? (
          <p>
            Without a profile, an image is cleared only at the URL endpoint of its URL, with its query
            transformations. Copies with a path transformation, such as /tr:w-400/shoe.jpg, stay in the cache.
          </p>
        ) : (
          <ProfileList profiles={profiles} basePath={dashboard.basePath} mayChange={mayChange} />
        )}
        {mayChange ? null : <p class="quiet">To change a profile, ask an admin.</p>}
        {isFirst || !mayChange ? null : (
          <p>
            <a class="button" href={linkTo(dashboard, "/profiles/edit")}>
              New profile
            </a>
          </p>
        )}
      </section>
      {isFirst ? null : learn}
      <ProfileHistory history={history} />
    </div>
  );
  const about = { title: "Profiles", caller, health, section: "profiles" } as const;
  if (learning !== undefined) c.set("problemCode", "invalid-body");
  return showPage(c, dashboard, about, content, learning === undefined ? 200 : 422);
}
