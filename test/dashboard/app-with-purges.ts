import { expect } from "vitest";
import type { Environment } from "../../src/config.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { origin, sessionCookie, sessionSecret } from "./session.ts";

/** An app whose pages are looked at, and the time, which passes when a test says so. */
export type Watching = { readonly app: TestApp; readonly time: { now: number } };

export async function startWatching(env: Environment = {}): Promise<Watching> {
  const time = { now: Date.parse("2026-11-24T14:02:10Z") };
  const app = await startApp({ time, env: { ...sessionSecret, PURGE_MONTHLY_QUOTA: "120", ...env } });
  return { app, time };
}

/** Nothing was ever purged, and what is from now on stays Pending. */
export async function beginAnew({ app }: Watching): Promise<void> {
  await sent(app);
  await app.redis.flush();
  app.imagekit.purged.length = 0;
  app.imagekit.answer = accepting("Pending");
}

export function pass({ time }: Watching, minutes: number): void {
  time.now += minutes * 60_000;
}

export async function submit(
  { app }: Watching,
  names: readonly string[],
  more: object = {},
  token: string = tokens.purge,
) {
  const urls = names.map((name) => (name.includes(":") ? name : `https://ik.imagekit.io/demo/${name}`));
  const { body } = await app.call("/api/purges", { method: "POST", token, json: { urls, ...more } });
  await sent(app);
  return body;
}

/** On a busy machine a submission is answered before ImageKit was asked, which goes on behind it. */
async function sent(app: TestApp): Promise<void> {
  await Promise.all(app.background.splice(0));
}

/** Asks as a page of the dashboard does; with a form, by POST. */
export async function request(
  { app }: Watching,
  path: string,
  form?: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const headers = { Origin: origin, "Content-Type": "application/x-www-form-urlencoded", ...more };
  return app.app.fetch(
    new Request(`${origin}${path}`, {
      method: form === undefined ? "GET" : "POST",
      headers,
      ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
    }),
    { waitUntil: (work) => app.background.push(work) },
  );
}

/** The page at this path, as the token's owner sees it. */
export async function view(watching: Watching, path: string, token: string = tokens.read): Promise<string> {
  const Cookie = await sessionCookie(watching.app, token);
  const answer = await request(watching, path, undefined, { Cookie });
  expect(answer.status).toBe(200);
  return answer.text();
}

/** One purge whose answer was lost; its id. */
export async function unknown(watching: Watching): Promise<string> {
  const { app } = watching;
  app.imagekit.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  const { purges } = await submit(watching, ["shoe.jpg"]);
  app.imagekit.answer = accepting("Pending");
  return purges[0].id;
}

/** A batch of one purge that ImageKit does not take just now. */
export async function queued(watching: Watching, token: string = tokens.purge) {
  watching.app.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  return submit(watching, ["shoe.jpg"], {}, token);
}

export async function sweepNow({ app: { services } }: Watching): Promise<void> {
  await sweepLedger(services, { deadlineMs: services.clock.monotonicMs() + 20_000 });
}
