import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";

const base = "https://ik.imagekit.io/demo";
const shoe = `${base}/shoe.jpg`;
const hat = `${base}/hat.jpg`;
const minuteMs = 60_000;
const start = Date.parse("2026-11-10T12:00:00Z");
const time = { now: start };
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp({ time, env: { PURGE_REPEAT_LIMIT: "3" } });
});
/** Three batches purge the shoe at 12:00, 12:01 and 12:02; it is 12:03 now. */
beforeEach(async () => {
  await desk.redis.flush();
  desk.imagekit.answer = accepting();
  time.now = start;
  for (let n = 0; n < 3; n++) {
    expect(await submit({ urls: [`${shoe}?v=${n}`] })).toMatchObject({ status: 202, body: { units: 1 } });
    time.now += minuteMs;
  }
  desk.imagekit.purged.length = 0;
  desk.logged.length = 0;
});
afterAll(() => desk.close());

const submit = (json: unknown, token: string = tokens.purge) =>
  desk.call("/api/purges", { method: "POST", token, json });
const plan = (json: unknown, token: string = tokens.purge) =>
  desk.call("/api/plan", { method: "POST", token, json });
const spent = async () => (await desk.call("/api/budget", { token: tokens.read })).body.spent;
const repeating = { verdict: "rejected", violations: [{ code: "repeating" }] };

test("a purge that a caller repeats too often is refused, with since when and the usual cause, and costs nothing", async () => {
  const answer = await submit({ urls: [hat, shoe] });
  expect(answer).toMatchObject({
    status: 422,
    body: { code: "invalid-urls", lines: [{ verdict: "accepted" }, repeating] },
  });
  const [violation] = answer.body.lines[1].violations;
  expect(violation.message).toContain("since 2026-11-10T12:00:00.000Z");
  expect(violation.message).toContain("from 2026-11-10T13:00:00.000Z on");
  expect(violation.why).toContain("hook in a loop");
  expect([desk.imagekit.purged, await spent()]).toEqual([[], 3]);
});

test("where bad lines are skipped, the other lines go and the repeated one is listed", async () => {
  const answer = await submit({ urls: [hat, shoe], onInvalid: "skip" });
  expect(answer).toMatchObject({
    status: 202,
    body: { units: 1, lines: [{ verdict: "accepted" }, repeating] },
  });
  expect(desk.imagekit.purged.map((body) => JSON.parse(body).url)).toEqual([hat]);
  expect(await submit({ urls: [shoe], onInvalid: "skip" })).toMatchObject({
    status: 422,
    body: { code: "invalid-urls", lines: [repeating] },
  });
});

test("an image of which one target is repeated is rejected as a whole, and a line that it would have cleared goes alone", async () => {
  const profile = { paths: ["/"], endpoints: [base], transformations: ["tr:w-400"] };
  await desk.call("/api/profiles/shop", { method: "PUT", token: tokens.admin, json: profile });
  const small = `${base}/tr:w-400/shoe.jpg`;
  const json = { urls: [small], images: ["/shoe.jpg", "/hat.jpg"], onInvalid: "skip" };
  expect((await plan(json)).body).toMatchObject({
    units: 3,
    lines: [{ verdict: "accepted" }, repeating, { verdict: "image", units: 2 }],
  });
  const answer = await submit(json);
  expect(answer).toMatchObject({
    status: 202,
    body: { units: 3, lines: [{ verdict: "accepted" }, repeating, { verdict: "image" }] },
  });
  const purged = desk.imagekit.purged.map((body) => JSON.parse(body).url).sort();
  expect(purged).toEqual([`${base}/hat.jpg*`, `${base}/tr:w-400/hat.jpg*`, small]);
});

test("a line that a repeated wildcard would only have cleared too is not refused: it goes alone", async () => {
  const json = { urls: [`${shoe}.webp`], images: ["/shoe.jpg"], onInvalid: "skip" };
  const body = { units: 1, lines: [{ verdict: "accepted" }, repeating] };
  expect((await plan(json)).body).toMatchObject(body);
  expect(await submit(json)).toMatchObject({ status: 202, body });
  expect(desk.imagekit.purged.map((sent) => JSON.parse(sent).url)).toEqual(json.urls);
});

test("a plan shows a repeated line as a submission would, for the caller that repeats it and no other", async () => {
  const json = { urls: [hat, shoe] };
  expect((await plan(json)).body).toMatchObject({ units: 1, lines: [{ verdict: "accepted" }, repeating] });
  expect((await plan(json, tokens.other)).body).toMatchObject({ units: 2 });
  expect(await submit({ urls: [shoe] }, tokens.other)).toMatchObject({ status: 202 });
});

test("a repeated purge is accepted again once the first is an hour old", async () => {
  time.now = start + 60 * minuteMs - 1;
  expect((await submit({ urls: [shoe] })).status).toBe(422);
  time.now = start + 60 * minuteMs;
  expect((await submit({ urls: [shoe] })).status).toBe(202);
  expect((await submit({ urls: [`${shoe}?v=9`] })).status).toBe(422);
});

test("a line that joins an open purge is not refused, however often it is repeated", async () => {
  desk.imagekit.answer = accepting("Pending");
  time.now = start + 62 * minuteMs;
  const changedAt = "2026-11-10T13:00:00.120Z";
  const { body } = await submit({ urls: [shoe], changedAt });
  for (let n = 0; n < 5; n++) {
    expect(await submit({ urls: [shoe], changedAt })).toMatchObject({
      status: 202,
      body: { units: 0, lines: [{ verdict: "joined", purgeId: body.purges[0].id }] },
    });
  }
});

test("the log and health name the caller that repeats itself", async () => {
  await submit({ urls: [hat, `${shoe}?ik-t=1900000000&ik-s=0123456789abcdef`] });
  const logged = desk.logged.map((line) => JSON.parse(line)).filter(({ event }) => event === "repeating");
  expect(logged).toMatchObject([
    {
      actor: "purge-actor",
      count: 1,
      urls: [`${shoe}?ik-t=masked&ik-s=masked`],
      since: "2026-11-10T12:00:00.000Z",
    },
  ]);
  const { checks } = (await desk.call("/api/health", { token: tokens.read })).body;
  const check = { name: "repeating", state: "warning", seen: expect.stringContaining("purge-actor") };
  expect(checks).toContainEqual(expect.objectContaining(check));
  expect(JSON.stringify([logged, checks])).not.toContain("0123456789abcdef");
});
