/** A process that was frozen, or busy, finds its timers due before it looks at its sockets. */

import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../src/domain/time.ts";
import { readUpTo } from "../src/http/requests/body.ts";
import { clientOf, timeoutMs } from "./imagekit/servers.ts";
import { type AnsweringThread, answeringThread } from "./support/answering-thread.ts";
import { startApp, tokens } from "./support/app.ts";
import { testLedger } from "./support/test-ledger.ts";

const accepted = { status: 201, body: '{"requestId":"a1"}' };
const urls = Array.from({ length: 10 }, (_, n) => `https://ik.imagekit.io/demo/${n}.jpg`);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Freezes this thread once so many requests are there; on waking, timers are due and the answers still unread. */
async function freeze(server: AnsweringThread, requests: number, passTime: () => void) {
  while (server.arrivals() < requests) await setImmediate();
  server.freezeUntilAnswered();
  passTime();
}
/** All of them: those of a call to ImageKit are the longest. */
const timersAreDue = () => void vi.advanceTimersByTime(timeoutMs);

test("ten 201s that arrived during a freeze are taken", async () => {
  const server = answeringThread(accepted);
  const client = clientOf(server.url);
  const sending = urls.map((url) => client.purge(url));
  await freeze(server, 10, timersAreDue);
  expect(await Promise.all(sending)).toEqual(
    urls.map(() => ({ outcome: "accepted", status: 201, imagekitRequestId: "a1" })),
  );
});

test("a body whose head came before the freeze is taken", async () => {
  const server = answeringThread({ ...accepted, headFirst: true });
  const sending = clientOf(server.url).purge(urls[0] ?? "");
  await freeze(server, 1, timersAreDue);
  expect(await sending).toMatchObject({ outcome: "accepted" });
});

test("a status that arrived during a freeze is taken", async () => {
  const server = answeringThread({ status: 200, body: '{"status":"Completed"}' });
  const polling = clientOf(server.url).status("a1");
  await freeze(server, 1, timersAreDue);
  expect(await polling).toEqual({ outcome: "completed" });
});

test("a caller's body that arrived during a freeze is no late one", async () => {
  const server = answeringThread({ ...accepted, headFirst: true });
  const { body } = await fetch(server.url);
  const streamed = { method: "POST", body, duplex: "half" } as const;
  const reading = readUpTo(new Request("https://purge.test/", streamed), 1_000);
  await freeze(server, 1, timersAreDue);
  expect(await reading).toEqual(new TextEncoder().encode(accepted.body));
});

test("what arrived during a freeze comes before the end of a sleep", async () => {
  const server = answeringThread(accepted);
  const first = Promise.race([
    fetch(server.url).then(() => "answer"),
    systemClock.sleep(5_000).then(() => "sleep"),
  ]);
  await freeze(server, 1, timersAreDue);
  expect(await first).toBe("answer");
});

test("a batch whose 201s arrived during a freeze is charged once and sent once", async () => {
  const server = answeringThread(accepted);
  const desk = await startApp();
  desk.imagekit.answer = (request) => fetch(new Request(server.url, request));
  const submitting = desk.call("/api/purges", { method: "POST", token: tokens.purge, json: { urls } });
  await freeze(server, 10, timersAreDue);
  const batch = await submitting;
  await Promise.all(desk.background);
  expect(desk.imagekit.purged).toHaveLength(10);
  const answer = await desk.call(`/api/batches/${batch.body.id}`, { token: tokens.read });
  const states = answer.body.purges.map(({ state, units }: { state: string; units: number }) => [
    state,
    units,
  ]);
  expect(states).toEqual(urls.map(() => ["pending", 1]));
  await desk.close();
});

test("a Redis reply that arrived during a freeze is taken: the command is not sent again", async () => {
  const server = answeringThread({ status: 200, body: '{"result":"OK"}' });
  vi.restoreAllMocks(); // the real time-out of 3 s
  const asking = testLedger({ url: server.url, token: "token" }).probe();
  // No fake timer reaches AbortSignal.timeout: the freeze lasts as long as a request to Redis may take.
  await freeze(server, 1, () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_100);
  });
  await asking;
  expect(server.arrivals()).toBe(1);
});
