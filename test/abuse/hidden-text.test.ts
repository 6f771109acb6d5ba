import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionCookie, sessionSecret } from "../dashboard/session.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

const hiding = "new\u202e photo\u0007 \u2066of\u200b it";
const shown = "new‹U+202E› photo‹U+0007› ‹U+2066›of‹U+200B› it";
/** A skipped line is stored with its text. */
const rejected = `https://ik.imagekit.io/de\u202emo/${hiding}`;

let desk: TestApp;
let pages: readonly string[];
let found = "";
let exported = "";
let api = "";

beforeAll(async () => {
  desk = await startApp({ env: sessionSecret });
  desk.imagekit.answer = () => Response.json({ message: `cannot: ${hiding}` }, { status: 402 });
  const json = {
    urls: ["https://ik.imagekit.io/demo/shoe.jpg", rejected],
    reason: hiding,
    onInvalid: "skip",
  };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.admin, json });
  const correction = { external: 1, reason: hiding };
  await desk.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json: correction });
  const purgeId = body.purges[0].id;
  const headers = { Cookie: await sessionCookie(desk, tokens.admin) };
  const paths = ["/", `/batches/${body.id}`, `/purges/${purgeId}`, "/budget", "/health"];
  pages = await Promise.all(paths.map(async (path) => (await desk.call(path, { headers })).text));
  found = (await desk.call(`/?q=${encodeURIComponent(hiding)}`, { headers })).text;
  exported = (await desk.call("/requests.csv", { headers })).text;
  api = (await desk.call(`/api/purges/${purgeId}`, { token: tokens.read })).body.reason;
}, 30_000);
afterAll(() => desk.close());

test("no page contains a character that hides or reverses text", () => {
  for (const html of pages) expect(html.replace(/\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("list, batch, purge and budget show the hidden characters of a reason, isolated from the text around it", () => {
  for (const html of pages.slice(0, 4)) {
    expect(html).toContain(shown);
    expect(html).toMatch(new RegExp(`<(?:bdi|p) dir="auto"[^>]*>${shown.slice(0, 3)}`));
  }
});

test("a skipped line shows its hidden characters", () => {
  expect(pages[1]).toContain("de‹U+202E›mo/");
});

test("the API returns a reason unchanged, with its hidden characters", () => {
  expect(api).toBe(hiding);
});

test("a filter shows the hidden characters of the text that a link searches for", () => {
  expect(found).toContain(`contains “${shown}”`);
});

test("the exported list shows the hidden characters of a reason, as a spreadsheet would not", () => {
  expect(exported).toContain(`,${shown},`);
  expect(exported.slice(1).replace(/[\r\n]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
