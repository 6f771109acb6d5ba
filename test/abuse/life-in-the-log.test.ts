import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runSweep } from "../../src/http/run-sweep.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { midNovember } from "../support/test-ledger.ts";

const time = { now: midNovember };
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp({ time });
});
beforeEach(async () => {
  await desk.redis.flush();
  desk.logged.length = 0;
  time.now = midNovember;
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

const submit = (urls: readonly string[], requestId: string) =>
  desk.call("/api/purges", { method: "POST", token: tokens.purge, json: { urls }, platform: { requestId } });
const sweep = (requestId: string) =>
  runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), { requestId });

/** The lines that `grep <id>` finds, each shortened. */
function grep(id: string): readonly string[] {
  return desk.logged
    .filter((line) => line.includes(id))
    .map((line) => JSON.parse(line))
    .map(({ requestId, event, state, outcome }) =>
      [requestId, event, state ?? outcome].filter(Boolean).join(" "),
    );
}

test("the log of one purge, found by its id, leads from its submission to Completed", async () => {
  const { body } = await submit(
    ["https://ik.imagekit.io/demo/a.jpg", "https://ik.imagekit.io/demo/b.jpg"],
    "submit-1",
  );
  const { id } = body.purges[0];
  time.now += 6_000;
  await sweep("sweep-1");
  desk.imagekit.answer = accepting("Completed");
  time.now += 60_000;
  await sweep("sweep-2");

  expect(grep(id)).toEqual([
    "submit-1 purge queued",
    "submit-1 purge sending",
    "submit-1 batch-reserved",
    "submit-1 imagekit-send accepted",
    "submit-1 purge pending",
    "sweep-1 imagekit-poll pending",
    "sweep-2 imagekit-poll completed",
    "sweep-2 purge completed",
  ]);
  const lines = desk.logged.filter((line) => line.includes(id)).map((line) => JSON.parse(line));
  for (const line of lines)
    expect(line).toMatchObject({ at: expect.any(String), requestId: expect.any(String) });
  for (const line of lines.filter(({ event }) => event === "purge")) {
    expect(line).toMatchObject({
      actor: "purge-actor",
      by: expect.any(String),
      cause: expect.stringMatching(/\w/),
    });
  }
  for (const line of lines.filter(({ event }) => event.startsWith("imagekit-"))) {
    expect(line).toMatchObject({ durationMs: expect.any(Number), imagekitRequestId: expect.any(String) });
  }
  const timeline = (await desk.call(`/api/purges/${id}`, { token: tokens.read })).body.timeline;
  expect(lines.filter(({ event }) => event === "purge").map(({ cause }) => cause)).toEqual(
    timeline.map(({ note }: { note: string }) => note),
  );
});

test("an expired lease and its resend are in the log of the sweep that found them", async () => {
  desk.imagekit.answer = () => Response.json({ message: "busy" }, { status: 503 });
  const { body } = await submit(["https://ik.imagekit.io/demo/a.jpg"], "submit-1");
  const { id } = body.purges[0];
  desk.imagekit.answer = accepting("Pending");
  time.now += 61_000;
  await sweep("sweep-1");
  const seen = grep(id);
  expect(seen.slice(-5)).toEqual([
    "submit-1 purge unknown",
    "sweep-1 purge queued",
    "sweep-1 purge sending",
    "sweep-1 imagekit-send accepted",
    "sweep-1 purge pending",
  ]);
});

test("a read that polls ImageKit logs the poll under the reader's request, with the reader's name", async () => {
  const { body } = await submit(["https://ik.imagekit.io/demo/a.jpg"], "submit-1");
  const { id } = body.purges[0];
  desk.imagekit.answer = accepting("Completed");
  time.now += 6_000;
  await desk.call(`/api/purges/${id}`, { token: tokens.read, platform: { requestId: "read-1" } });
  expect(grep(id).slice(-3)).toEqual([
    "read-1 imagekit-poll completed",
    "read-1 purge completed",
    "read-1 request",
  ]);
  const poll = desk.logged.map((line) => JSON.parse(line)).find(({ event }) => event === "imagekit-poll");
  expect(poll.actor).toBe("read-actor");
});

test("the log of an operator's cancellation names the operator and the owner of the purge", async () => {
  desk.imagekit.answer = () => Response.json({ message: "expired" }, { status: 403 });
  const { body } = await submit(["https://ik.imagekit.io/demo/a.jpg"], "submit-1");
  const { id } = body.purges[0];
  await desk.call(`/api/purges/${id}/cancel`, { method: "POST", token: tokens.admin });
  const line = desk.logged.map((each) => JSON.parse(each)).findLast(({ event }) => event === "purge");
  expect(line).toMatchObject({ purgeId: id, state: "cancelled", by: "admin-actor", actor: "purge-actor" });
});
