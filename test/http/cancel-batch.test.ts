import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cancelBatch } from "../../src/use-cases/cancel-batch.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";

let desk: TestApp;
beforeAll(async () => {
  desk = await startApp();
});
beforeEach(async () => {
  await desk.redis.flush();
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

const slowDown = () => Response.json({ message: "slow down" }, { status: 429 });

async function submit(names: readonly string[], token: string = tokens.purge, more: object = {}) {
  const urls = names.map((name) => `https://ik.imagekit.io/demo/${name}`);
  const { body } = await desk.call("/api/purges", { method: "POST", token, json: { urls, ...more } });
  return body;
}
const cancel = (id: string, token: string = tokens.purge) =>
  desk.call(`/api/batches/${id}/cancel`, { method: "POST", token });
const statesOf = (batch: { lines: { state: string }[] }) => batch.lines.map(({ state }) => state);

/** Accepts the first send, then asks to slow down: one purge is under way, the others are queued. */
function acceptOne() {
  const accept = accepting("Pending");
  let accepted = false;
  desk.imagekit.answer = (request) => {
    if (request.method !== "POST" || !accepted) {
      accepted ||= request.method === "POST";
      return accept(request);
    }
    return slowDown();
  };
}

test("cancelling a batch cancels what is queued, releases its units, and lets what was sent go on", async () => {
  acceptOne();
  const batch = await submit(["a.jpg", "b.jpg", "c.jpg"]);
  expect(statesOf(batch).sort()).toEqual(["pending", "queued", "queued"]);
  const { status, body } = await cancel(batch.id);
  expect(status).toBe(200);
  expect(statesOf(body).sort()).toEqual(["cancelled", "cancelled", "pending"]);
  expect(body).toMatchObject({ done: false, units: 3, budget: { spent: 1, reserved: 0 } });
});

test("cancelling a batch twice changes nothing the second time", async () => {
  desk.imagekit.answer = slowDown;
  const { id } = await submit(["a.jpg", "b.jpg"]);
  const first = await cancel(id);
  expect(first.body).toMatchObject({ done: true });
  expect((await cancel(id)).body).toEqual(first.body);
});

test("cancelling a batch of 100 held purges cancels all of them", async () => {
  await desk.call("/api/budget/corrections", {
    method: "POST",
    token: tokens.admin,
    json: { external: 1_000 },
  });
  const names = Array.from({ length: 100 }, (_, i) => `${i}.jpg`);
  const { id } = await submit(names, tokens.purge, { onExhausted: "hold" });
  const { body } = await cancel(id);
  expect(new Set(statesOf(body))).toEqual(new Set(["cancelled"]));
  expect(body.budget.held).toBe(0);
});

test("only its own actor and an admin may cancel a batch", async () => {
  desk.imagekit.answer = slowDown;
  const { id } = await submit(["a.jpg"]);
  expect(await cancel(id, tokens.other)).toMatchObject({ status: 403, body: { scope: "admin" } });
  expect(await cancel(id, tokens.read)).toMatchObject({ status: 403, body: { scope: "purge" } });
  expect(statesOf((await cancel(id, tokens.admin)).body)).toEqual(["cancelled"]);
});

test("an admin who cancels a batch that joined a purge leaves it to the batch that made it", async () => {
  desk.imagekit.answer = slowDown;
  const own = await submit(["a.jpg"]);
  const joined = await submit(["a.jpg"], tokens.other);
  expect(statesOf((await cancel(joined.id, tokens.admin)).body)).toEqual(["cancelled"]);
  const { body } = await desk.call(`/api/batches/${own.id}`, { token: tokens.read });
  expect(statesOf(body)).toEqual(["queued"]);
});

test.each(["b_00000000000000000000000000", "x"])("cancelling the batch %s is not found", async (id) => {
  expect((await cancel(id)).status).toBe(404);
});

test("a cancel without time left does nothing, and says what the batch still waits for", async () => {
  desk.imagekit.answer = slowDown;
  const { id } = await submit(["a.jpg", "b.jpg"]);
  const { services } = desk;
  const caller = { name: "purge-actor", scopes: ["read", "purge"] } as const;
  const reply = await cancelBatch(services, caller, id, { deadlineMs: services.clock.monotonicMs() });
  expect(reply).toMatchObject({
    outcome: "done",
    batch: { done: false, purges: [{ state: "queued" }, { state: "queued" }] },
  });
});
