import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PurgeDeskError, purgeDesk } from "../../src/client/client.ts";
import { tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const boot = "https://ik.imagekit.io/demo/boot.jpg";
let served: ServedDesk;

beforeAll(async () => {
  served = await serveDesk({ env: { PURGE_MONTHLY_QUOTA: "200" } });
});
beforeEach(() => served.reset());
afterAll(() => served.close());

const desk = (token: string = tokens.purge) => purgeDesk({ url: served.url, token });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof PurgeDeskError ? error : undefined),
  );

test("a plan says what purging would cost, and charges nothing", async () => {
  const plan = await desk().plan({ urls: [shoe, boot, shoe] });
  expect(plan).toMatchObject({ units: 2, availableAfter: 198 });
  expect(plan.lines.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted", "duplicate"]);
  expect((await desk().budget()).available).toBe(200);
  expect(served.imagekit.purged).toEqual([]);
});

test("a purge gives its key, its batch and what it cost", async () => {
  const { key, batches, units, rejected } = await desk().purge({ urls: [shoe], reason: "new photo" });
  expect(key).toMatch(/^[0-9a-f-]{36}$/);
  expect(batches).toMatchObject([{ actor: "purge-actor", reason: "new photo", purges: [{ url: shoe }] }]);
  expect([units, rejected]).toEqual([1, []]);
  expect(served.imagekit.purged).toHaveLength(1);
});

test("two purges of the same URL are two: each call has a key of its own", async () => {
  const first = await desk().purge({ urls: [shoe] });
  const second = await desk().purge({ urls: [shoe] });
  expect(second.key).not.toBe(first.key);
  expect(served.imagekit.purged).toHaveLength(2);
});

test("the same key and request give the same batch, and the same key with another request is refused", async () => {
  const first = await desk().purge({ urls: [shoe] }, { key: "upload 17" });
  const again = await desk().purge({ urls: [shoe] }, { key: "upload 17" });
  expect(again.batches[0]?.id).toBe(first.batches[0]?.id);
  const other = await failureOf(desk().purge({ urls: [boot] }, { key: "upload 17" }));
  expect(other).toMatchObject({ code: "idempotency-key-reused", status: 422, key: "upload 17", batches: [] });
  expect(served.imagekit.purged).toHaveLength(1);
});

test("a Date as the time of change has its milliseconds", async () => {
  await desk().purge({ urls: [shoe], changedAt: new Date("2026-01-02T03:04:05.006Z") });
  expect(JSON.parse(served.arrivals[0]?.body ?? "")).toMatchObject({ changedAt: "2026-01-02T03:04:05.006Z" });
});

test("a problem is one typed error with the code, the whole problem and no secret", async () => {
  const failure = await failureOf(desk().purge({ urls: [shoe, "{{image}}"] }));
  expect(failure).toMatchObject({ name: "PurgeDeskError", code: "invalid-urls", status: 422 });
  expect(failure?.problem?.lines).toMatchObject([{ verdict: "accepted" }, { verdict: "rejected" }]);
  const [, bad] = failure?.problem?.lines ?? [];
  const why = typeof bad === "object" && bad.verdict === "rejected" ? bad.violations[0]?.message : "none";
  expect(failure?.message).toBe(`Line 2 cannot be purged; nothing was submitted or charged. Line 2: ${why}`);
  expect(JSON.stringify({ ...failure, stack: failure?.stack })).not.toContain(tokens.purge);
});

test("with skip the good lines are purged, and the rejected ones are said", async () => {
  const submission = await desk().purge({ urls: ["nonsense", shoe], onInvalid: "skip" });
  expect(submission.rejected).toMatchObject([{ line: 1, violations: [{ code: "not-a-url" }] }]);
  expect(served.imagekit.purged).toHaveLength(1);
});

test.each([
  ["a wrong token", "unauthorized", () => purgeDesk({ url: served.url, token: "pd_wrong" }).budget()],
  ["a missing scope", "forbidden", () => desk(tokens.read).purge({ urls: [shoe] })],
  ["an unknown id", "not-found", () => desk().batch("b_00000000000000000000000000")],
  ["an id that would be another path", "not-found", () => desk().batch("../budget")],
  ["a key that no header can hold", "invalid-header", () => desk().purge({ urls: [shoe] }, { key: "é" })],
  [
    "a key that is too long",
    "invalid-header",
    () => desk().purge({ urls: [shoe] }, { key: "k".repeat(251) }),
  ],
])("%s is the error %s", async (_, code, work) => {
  expect(await failureOf(work())).toMatchObject({ code });
});

test("a purge that has not been sent is cancelled, also when the first answer is lost", async () => {
  const { batches } = await desk().purge({ urls: [shoe], settleSeconds: 600 });
  const id = batches[0]?.purges[0]?.id ?? "";
  served.fates.push("lose");
  expect(await desk().cancel(id)).toMatchObject({ id, state: "cancelled", units: 0 });
  expect((await desk().read(id)).state).toBe("cancelled");
  const sent = await desk().purge({ urls: [boot] });
  const late = await failureOf(desk().cancel(sent.batches[0]?.purges[0]?.id ?? ""));
  expect(late).toMatchObject({ code: "state-conflict", problem: { state: "pending" } });
});

test("a purge that others wait for too is left by its caller, also when the first answer is lost", async () => {
  const request = { urls: [shoe], settleSeconds: 600 };
  await desk().purge(request);
  const { batches } = await purgeDesk({ url: served.url, token: tokens.other }).purge(request);
  const id = batches[0]?.purges[0]?.id ?? "";
  served.fates.push("lose");
  expect(await desk().cancel(id)).toMatchObject({ id, state: "queued" });
  expect(await failureOf(desk().cancel(id))).toMatchObject({ code: "forbidden" });
});

test("purges are found over all pages, and no page is asked for before it is needed", async () => {
  const urls = Array.from({ length: 7 }, (_, n) => `https://ik.imagekit.io/demo/${n}.jpg`);
  for (const url of urls) await desk().purge({ urls: [url] });
  served.arrivals.length = 0;
  const found: string[] = [];
  for await (const { url } of desk().purges({ limit: 3 })) {
    found.push(url);
    expect(served.arrivals).toHaveLength(Math.ceil(found.length / 3));
  }
  expect(found).toEqual([...urls].reverse());
  const one = desk().purges({ limit: 3, q: "4.jpg" });
  expect((await one.next()).value).toMatchObject({ url: urls[4] });
});
