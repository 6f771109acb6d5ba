import type { TestApp } from "../support/app.ts";

export const origin = "https://purge.test";

let people = 0;

/** The cookie of somebody who has signed in with this token, from an address of its own. */
export async function sessionCookie(app: TestApp, token: string): Promise<string> {
  const answer = await app.call("/sign-in", {
    method: "POST",
    type: "application/x-www-form-urlencoded",
    body: `token=${token}`,
    headers: { Origin: origin },
    platform: { ip: `person ${++people}` },
  });
  const [set = ""] = answer.headers.getSetCookie();
  if (set === "") throw new Error(`signing in was answered ${answer.status}`);
  return set.split(";")[0] ?? "";
}

export const sessionSecret = { PURGE_SESSION_SECRET: "a secret of the tests, long enough" } as const;

/** Posts a form as a page of the dashboard does. */
export function postForm(
  app: TestApp,
  path: string,
  { fields = {}, ...headers }: { readonly fields?: Record<string, string>; Cookie?: string; Origin?: string },
) {
  return app.call(path, {
    method: "POST",
    type: "application/x-www-form-urlencoded",
    body: new URLSearchParams(fields).toString(),
    headers: { Origin: origin, ...headers },
  });
}
