import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, tokens } from "../../../support/app.ts";
import {
  beginAnew,
  pass,
  request,
  startWatching,
  submit,
  view,
  type Watching,
} from "../../app-with-purges.ts";
import { sessionCookie } from "../../session.ts";

let watching: Watching;
beforeAll(async () => {
  watching = await startWatching();
});
beforeEach(async () => {
  await beginAnew(watching);
  watching.app.imagekit.answer = () => Response.json({ message: "no such key" }, { status: 401 });
});
afterAll(() => watching.app.close());

async function tryNow(): Promise<string> {
  const Cookie = await sessionCookie(watching.app, tokens.admin);
  const answer = await request(watching, "/health/try", {}, { Cookie });
  expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/health?done=tried"]);
  return view(watching, "/health?done=tried", tokens.admin);
}

test("an admin can try a repaired key at once, and sees that it is accepted", async () => {
  await submit(watching, ["shoe.jpg"]);
  const before = await view(watching, "/health", tokens.admin);
  expect(before).toContain("Try now</button>");
  // Said once on the page, by the alarm.
  expect(before.match(/ImageKit answers 401/g)).toHaveLength(1);
  expect(await view(watching, "/health", tokens.purge)).not.toContain("Try now");
  watching.app.imagekit.answer = accepting();
  const page = await tryNow();
  expect(page).toContain("ImageKit accepts the key. What waits is being sent.");
  expect(page).not.toContain("Try now</button>");
});

test("a key that is still refused is said to be, with the next try", async () => {
  await submit(watching, ["shoe.jpg"]);
  pass(watching, 1);
  expect(await tryNow()).toMatch(
    /ImageKit still answers 401\. The next try is at <time datetime="2026-11-24T14:0/,
  );
});

test("a try without a purge that waits says that the next one will be it", async () => {
  const { id } = await submit(watching, ["shoe.jpg"]);
  await watching.app.call(`/api/batches/${id}/cancel`, { method: "POST", token: tokens.purge });
  expect(await tryNow()).toContain("No purge is waiting with which the key could be tried.");
});

test("an address that says a key was tried proves nothing", async () => {
  await submit(watching, ["shoe.jpg"]);
  expect(await view(watching, "/health?done=tried", tokens.read)).toContain("ImageKit still answers 401.");
});
