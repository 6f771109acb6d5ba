import type { Context } from "hono";
import type { Env } from "../../http/context.ts";
import { Callout } from "./callout.tsx";
import { type DashboardContext, linkTo } from "./context.ts";
import { showPage } from "./page.tsx";

type SignInAbout = {
  /** The page to continue at. */
  readonly next: string;
  readonly problem?: string | undefined;
  /** A form was submitted without a session, and was not accepted. */
  readonly hasEnded?: boolean | undefined;
  /** The fields of that form, which come along and are shown again after signing in. */
  readonly carried?: ReadonlyMap<string, string> | undefined;
};

/** The page that asks for a token. */
export function showSignIn(c: Context<Env>, dashboard: DashboardContext, about: SignInAbout, status?: 401) {
  if (dashboard.services.config.sessionSecret === undefined) {
    return showPage(c, dashboard, { title: "Sign in" }, <NotSetUp />, 503);
  }
  return showPage(
    c,
    dashboard,
    { title: "Sign in" },
    <SignIn {...about} action={linkTo(dashboard, "/sign-in")} />,
    status,
  );
}

function NotSetUp() {
  return (
    <div class="narrow">
      <h1>The dashboard is not set up</h1>
      <Callout kind="warning">
        <p>
          The person who runs this Purge Desk has to set <code>PURGE_SESSION_SECRET</code> to at least 32
          random characters: it signs sessions. The API works without it.
        </p>
      </Callout>
    </div>
  );
}

function SignIn(props: SignInAbout & { readonly action: string }) {
  const { action, next, problem, hasEnded = false, carried = new Map() } = props;
  return (
    <div class="narrow">
      <h1>Sign in</h1>
      <p>Use the token that you got from the person who runs this Purge Desk. It begins with pd_.</p>
      {hasEnded || carried.size > 0 ? (
        <Callout kind="warning">
          <p>
            Your session ended, so nothing was submitted.{" "}
            {carried.size > 0
              ? "Sign in here, and your request is back as you left it."
              : "Sign in in another tab, then go back and submit again."}
          </p>
        </Callout>
      ) : null}
      {problem === undefined ? null : (
        <Callout kind="alarm" id="problem">
          <p>{problem}</p>
        </Callout>
      )}
      <form method="post" action={action} class="stack">
        <input type="hidden" name="next" value={next} />
        {[...carried].map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <label for="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          spellcheck={false}
          maxlength={256}
          aria-describedby={problem === undefined ? undefined : "problem"}
          aria-invalid={problem === undefined ? undefined : "true"}
        />
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
      <p class="quiet">You stay signed in for 12 hours. The token itself is not stored.</p>
    </div>
  );
}
