import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signed, startApp, type TestApp, tokens } from "../support/app.ts";
import { movingClock, simpleCdn } from "../support/simple-cdn.ts";

const start = Date.parse("2026-11-15T12:00:00Z");
const time = { now: start };
const minute = 60_000;
const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const cdn = simpleCdn(time);
const clock = movingClock(time);
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp({ env: { PURGE_EDGE_CHECK: "on" }, clock, time });
  desk.imagekit.answer = (request) => cdn.answer(request);
});
beforeEach(async () => {
  time.now = start;
  clock.restart();
  cdn.restart();
  await desk.redis.flush();
});
afterAll(() => desk.close());

const submit = async (more: object = {}) => {
  time.now += 1_000;
  const json = { urls: [shoe], ...more };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.admin, json });
  return {
    batch: `/api/batches/${body.id}`,
    purge: `/api/purges/${body.purges[0].id}`,
    edge: body.purges[0].edge,
  };
};
const read = async (path: string) => (await desk.call(path, { token: tokens.read })).body;
const waitFor = (path: string, prefer: string) =>
  desk.call(path, { token: tokens.read, headers: { Prefer: prefer } });
const checked = async (more: object = {}) => {
  const made = await submit(more);
  await waitFor(made.batch, "wait=25; until=checked");
  return made;
};
/** A minute after the copy was made that is served before the purge. */
const unchanged = () => {
  time.now += minute;
  return checked({ changedAt: new Date(time.now).toISOString() });
};
const fresh = () => {
  cdn.etag = "new";
  return checked();
};
/** The readings begin when the purge is read, 5 s, 60 s and 5 min after Completed. */
const stale = async () => {
  cdn.clears = false;
  const made = await submit();
  await waitFor(made.batch, "wait=25; until=checked");
  for (const laterMs of [minute, 5 * minute]) {
    time.now += laterMs;
    await read(made.purge);
    await Promise.all(desk.background);
  }
  return made;
};
const health = async (name: string) => {
  const { status, checks } = await read("/api/health");
  return { status, check: checks.find((check: { readonly name: string }) => check.name === name) };
};

describe("waiting", () => {
  test("a batch read with until=checked answers once the edge was checked, and shows both readings", async () => {
    cdn.etag = "new";
    const { batch } = await submit();
    const answer = await waitFor(batch, "wait=25; until=checked");
    expect(answer.headers.get("Preference-Applied")).toBe("wait=25; until=checked");
    expect(answer.body).toMatchObject({ done: true, checked: true });
    expect(answer.body.purges[0].edge).toMatchObject({
      outcome: "fresh",
      cause: null,
      message: expect.stringMatching(/^A new image is served\. .* one location of the CDN/),
      nextCheckAt: null,
      url: shoe,
      location: "FRA56-P4",
      before: { fingerprint: "etag old", ageSeconds: 3_601, cache: "hit", type: "image/webp" },
      after: { fingerprint: "etag new", ageSeconds: 0, cache: "miss", type: "image/webp" },
    });
  });

  test("a batch read with a plain wait answers at Completed, and says when the edge is checked", async () => {
    const { batch } = await submit();
    const answer = await waitFor(batch, "wait=25");
    expect(answer.headers.get("Preference-Applied")).toBe("wait=25");
    expect(answer.body).toMatchObject({ done: true, checked: false });
    const [{ edge, completedAt }] = answer.body.purges;
    expect(edge).toMatchObject({ outcome: "waiting", checkedAt: null, after: null });
    expect(Date.parse(edge.nextCheckAt) - Date.parse(completedAt)).toBe(5_000);
  });

  test("a wait until checked ends with its seconds, whatever the CDN serves", async () => {
    cdn.clears = false;
    const { batch } = await submit();
    const answer = await waitFor(batch, "wait=20; until=checked");
    expect(answer.body).toMatchObject({ done: true, checked: false });
    expect(answer.body.purges[0].edge.after).not.toBeNull();
    expect(clock.sleptMs()).toBeLessThanOrEqual(20_000);
  });

  test("a batch without checks is checked when it is done", async () => {
    const { batch } = await submit({ check: false });
    expect((await read(batch)).checked).toBe(false);
    expect((await waitFor(batch, "wait=25; until=checked")).body).toMatchObject({
      done: true,
      checked: true,
    });
  });
});

describe("what is checked", () => {
  test("a submission with check: false has no edge check, and its URL is never read", async () => {
    const { purge } = await checked({ check: false });
    expect((await read(purge)).edge).toBeNull();
    expect(cdn.read).toEqual([]);
  });

  test("a wildcard of one file is read without its *, one of a folder is not read", async () => {
    expect((await submit({ urls: [`${shoe}*`] })).edge).toMatchObject({ outcome: "waiting", url: shoe });
    expect((await submit({ urls: ["https://ik.imagekit.io/demo/a/b/*"] })).edge).toBeNull();
  });

  test("a signed URL is never read, and its check shows no signature", async () => {
    const { purge, edge } = await checked({ urls: [signed] });
    expect(edge).toMatchObject({ outcome: "unreadable", cause: "signed", before: null, after: null });
    expect((await read(purge)).edge.url).toMatch(/ik-t=masked&ik-s=masked$/);
    expect(cdn.read).toEqual([]);
  });
});

describe("while the ledger refuses checks", () => {
  const faults = [
    ["because Redis is full", "ERR DB capacity quota exceeded"],
    ["because their script ends with an error", "ERR user_script:1: broken"],
  ] as const;

  test.each(faults)("a purge and a batch that are done are read as they are, %s", async (_, refused) => {
    const { batch, purge } = await submit();
    await waitFor(batch, "wait=25");
    time.now += 5_000;
    desk.redis.bridge.setFault(({ commands }) =>
      commands.some((command) => command.at(-1)?.includes('"lane":"check"')) ? { refused } : "pass",
    );
    for (const answer of [await desk.call(purge, { token: tokens.read }), await waitFor(batch, "wait=5")]) {
      expect(answer.status).toBe(200);
      const [read = answer.body] = answer.body.purges ?? [];
      expect(read).toMatchObject({ state: "completed", edge: { outcome: "waiting", after: null } });
    }
    expect(await waitFor(batch, "wait=10; until=checked")).toMatchObject({
      status: 200,
      body: { done: true, checked: false },
    });
    await Promise.all(desk.background);
    desk.redis.bridge.setFault(undefined);
    expect(desk.logged.filter((line) => line.includes('"checks-failed"')).length).toBeGreaterThan(0);
  });
});

test("a list is filtered by the outcome of the edge check", async () => {
  const ids = {
    fresh: (await fresh()).purge,
    unchanged: (await unchanged()).purge,
    waiting: (await submit()).purge,
  };
  await checked({ check: false });
  const listed = async (edge: string) =>
    (await read(`/api/purges?edge=${edge}`)).purges.map(({ id }: { id: string }) => `/api/purges/${id}`);
  expect(await listed("fresh")).toEqual([ids.fresh]);
  expect(await listed("unchanged")).toEqual([ids.unchanged]);
  expect(await listed("waiting")).toEqual([ids.waiting]);
  expect(await listed("unproven")).toEqual([ids.unchanged]);
  expect(await listed("stale")).toEqual([]);
});

describe("a stale purge", () => {
  test("a stale purge is an alarm in health with what to do, and has a support mail, until an operator closes it", async () => {
    const { purge } = await stale();
    const shown = await read(purge);
    expect(shown).toMatchObject({ state: "completed", edge: { outcome: "stale" } });
    expect(shown.support.body).toContain("etag old, Age 3601 s");
    expect(await health("alarm-stale")).toMatchObject({
      status: "alarm",
      check: { state: "alarm", advice: expect.stringMatching(/purge the image again.*support/) },
    });

    const close = () => desk.call(`${purge}/close`, { method: "POST", token: tokens.admin });
    expect(await close()).toMatchObject({
      status: 200,
      body: { state: "completed", edge: { outcome: "stale" } },
    });
    expect((await health("alarm-stale")).check).toBeUndefined();
    expect(await close()).toMatchObject({
      status: 409,
      body: { code: "state-conflict", state: "completed", detail: expect.stringContaining("old copy") },
    });
  });

  test("a stale purge's alarm ends when its URL is purged again, which joins nothing", async () => {
    const first = await stale();
    const second = await submit({ changedAt: new Date(start).toISOString() });
    expect(second.purge).not.toBe(first.purge);
    expect((await health("alarm-stale")).check).toBeUndefined();
  });

  test("a purge that completed and is not stale cannot be closed", async () => {
    const { purge } = await fresh();
    expect(await desk.call(`${purge}/close`, { method: "POST", token: tokens.admin })).toMatchObject({
      status: 409,
      body: { code: "state-conflict", state: "completed" },
    });
  });
});

test("health warns when five images in a row are the same after their purge, until a new one is served", async () => {
  for (const n of [1, 2, 3, 4, 5]) {
    const before = await health("unchanged");
    expect(before.check.state, `before the ${n}th`).toBe("ok");
    await unchanged();
  }
  expect((await health("unchanged")).check).toMatchObject({
    state: "warning",
    seen: expect.stringMatching(/^the last 5 images were the same/),
    advice: expect.stringContaining("before uploads"),
  });
  await fresh();
  expect((await health("unchanged")).check.state).toBe("ok");
});
