import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";

let desk: TestApp;
const clock = hurriedClock();

beforeAll(async () => {
  desk = await startApp({ clock });
});
beforeEach(async () => {
  clock.restart();
  await desk.redis.flush();
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

const submit = (names: readonly string[], token: string = tokens.purge, more: object = {}) =>
  desk.call("/api/purges", {
    method: "POST",
    token,
    json: { urls: names.map((name) => `https://ik.imagekit.io/demo/${name}`), ...more },
  });
const act = (id: string, verb: string, token: string) =>
  desk.call(`/api/purges/${id}/${verb}`, { method: "POST", token });

describe("a list", () => {
  test("a list pages through everything once, newest first", async () => {
    await submit(["1.jpg", "2.jpg", "3.jpg"]);
    await submit(["4.jpg", "5.jpg"]);
    const seen: string[] = [];
    let path = "/api/purges?limit=2";
    for (let page = 0; page < 5; page++) {
      const { body } = await desk.call(path, { token: tokens.read });
      seen.push(...body.purges.map(({ url }: { url: string }) => url.slice(-5)));
      if (body.nextCursor === null) break;
      path = `/api/purges?limit=2&cursor=${body.nextCursor}`;
    }
    expect([...seen].sort()).toEqual(["1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"]);
    expect(seen.slice(0, 2).sort()).toEqual(["4.jpg", "5.jpg"]);
  });

  test.each([
    ["state=pending", 2],
    ["state=completed", 0],
    ["q=SHOE", 1],
    ["q=gr%C3%BCn%20a", 1],
    ["q=GR%25c3%25bcn%2520a", 1],
    ["actor=other-actor", 0],
    ["actor=purge-actor", 2],
    ["from=2100-01-01T00:00:00Z", 0],
    ["to=2100-01-01T00:00:00%2B02:00", 2],
  ])("a list filtered by %s keeps %i of two", async (query, count) => {
    await submit(["shoe.jpg", "grün%20a.jpg"]);
    const { body } = await desk.call(`/api/purges?${query}`, { token: tokens.read });
    expect(body.purges).toHaveLength(count);
  });

  test("a list of a batch has the purges of that batch", async () => {
    await submit(["shoe.jpg"]);
    const batch = await submit(["boot.jpg"]);
    const { body } = await desk.call(`/api/purges?batch=${batch.body.id}`, { token: tokens.read });
    expect(body.purges.map(({ id }: { id: string }) => id)).toEqual([batch.body.purges[0].id]);
  });
});

describe("a batch", () => {
  test("a batch is read at once without Prefer", async () => {
    const batch = await submit(["shoe.jpg"]);
    const answer = await desk.call(`/api/batches/${batch.body.id}`, { token: tokens.read });
    expect(answer).toMatchObject({ status: 200, body: { done: false } });
    expect(answer.headers.has("Preference-Applied")).toBe(false);
    expect(clock.sleptMs()).toBe(0);
  });

  test.each([
    ["wait=2", "wait=2", 2_000],
    ["respond-async, wait=600", "wait=25", 25_000],
  ])("a batch read with Prefer: %s waits and says %s", async (prefer, applied, waitedMs) => {
    const batch = await submit(["shoe.jpg"]);
    const headers = { Prefer: prefer };
    const answer = await desk.call(`/api/batches/${batch.body.id}`, { token: tokens.read, headers });
    expect(answer).toMatchObject({ status: 200, body: { done: false } });
    expect(answer.headers.get("Preference-Applied")).toBe(applied);
    expect(clock.sleptMs()).toBeGreaterThan(waitedMs - 1_000);
    expect(clock.sleptMs()).toBeLessThanOrEqual(waitedMs);
  });

  test("a batch whose purge was refused shows its line as not cleared", async () => {
    desk.imagekit.answer = () =>
      Response.json({ message: "The URL is not valid for cache purging.", help: "" }, { status: 400 });
    const { body } = await submit(["shoe.jpg", "shoe.jpg"]);
    expect(body.done).toBe(true);
    expect(body.lines.map(({ state }: { state: string }) => state)).toEqual(["refused", "refused"]);
    expect(body.purges[0].error.message).toContain("not valid");
  });
});

describe("a caller", () => {
  const queue = async (name: string, token: string) => {
    desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
    const { body } = await submit([name], token);
    return body.purges[0].id;
  };

  test("an operator cancels a queued purge, and its unit is available again", async () => {
    const id = await queue("shoe.jpg", tokens.purge);
    expect(await act(id, "cancel", tokens.purge)).toMatchObject({
      status: 200,
      body: { state: "cancelled", units: 0 },
    });
    const { body } = await desk.call("/api/budget", { token: tokens.read });
    expect(body).toMatchObject({ spent: 0, reserved: 0 });
  });

  test("through the API only an admin can cancel another actor's purge", async () => {
    const id = await queue("shoe.jpg", tokens.purge);
    expect(await act(id, "cancel", tokens.other)).toMatchObject({ status: 403, body: { scope: "admin" } });
    expect(await act(id, "cancel", tokens.admin)).toMatchObject({
      status: 200,
      body: { state: "cancelled" },
    });
  });

  test.each([["cancel"], ["resend"], ["close"]])("nobody can %s what ImageKit has accepted", async (verb) => {
    const { body } = await submit(["shoe.jpg"]);
    const answer = await act(body.purges[0].id, verb, tokens.admin);
    expect(answer).toMatchObject({ status: 409, body: { code: "state-conflict", state: "pending" } });
  });

  test("an operator resends or closes what is unknown", async () => {
    desk.imagekit.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
    const { body } = await submit(["shoe.jpg", "boot.jpg"]);
    const [shoe, boot] = body.purges;
    expect([shoe.state, boot.state]).toEqual(["unknown", "unknown"]);
    expect(await act(shoe.id, "resend", tokens.admin)).toMatchObject({
      status: 200,
      body: { state: "queued" },
    });
    expect(await act(boot.id, "close", tokens.admin)).toMatchObject({
      status: 200,
      body: { state: "abandoned" },
    });
  });
});

test("a purge that Purge Desk abandoned is an alarm in health until an operator closes it", async () => {
  desk.imagekit.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  const { body } = await submit(["shoe.jpg"]);
  const { id } = body.purges[0];
  await act(id, "resend", tokens.admin);
  await sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });
  const checks = async () => (await desk.call("/api/health", { token: tokens.read })).body.checks;
  expect(await checks()).toContainEqual({
    name: "alarm-abandoned",
    state: "alarm",
    seen: expect.stringMatching(/^since /),
    advice: expect.stringContaining("then close each"),
  });
  expect(await act(id, "close", tokens.admin)).toMatchObject({ status: 200, body: { state: "abandoned" } });
  expect(await checks()).not.toContainEqual(expect.objectContaining({ name: "alarm-abandoned" }));
  expect(await act(id, "close", tokens.admin)).toMatchObject({ status: 409 });
});

test("a correction sets the units spent elsewhere, and is answered with the budget", async () => {
  const correct = (external: number) =>
    desk.call("/api/budget/corrections", {
      method: "POST",
      token: tokens.admin,
      json: { external, reason: "dashboard" },
    });
  expect(await correct(40)).toMatchObject({ status: 201, body: { external: 40, available: 960 } });
  expect(await correct(0)).toMatchObject({ status: 201, body: { external: 0, available: 1000 } });
});
