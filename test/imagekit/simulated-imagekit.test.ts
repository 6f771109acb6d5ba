import { setImmediate } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startSimulatedImageKit } from "../../src/local/imagekit/simulated-imagekit.ts";
import { clientOf, timeoutMs } from "./servers.ts";

const url = "https://ik.imagekit.io/demo/a.jpg";

/** The outcome of a call. If the simulator hangs, the time-out passes once the request has arrived. */
async function outcomeOf<T>(kind: unknown, arrived: () => number, call: () => Promise<T>): Promise<T> {
  if (kind !== "hang") return call();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const outcome = call();
  while (arrived() === 0) await setImmediate();
  vi.advanceTimersByTime(timeoutMs);
  return outcome;
}

/** The client and the simulator both follow ImageKit's documentation and share no code: here they must agree. */
async function both(settings: NonNullable<Parameters<typeof startSimulatedImageKit>[0]>["settings"] = {}) {
  const imagekit = await startSimulatedImageKit({ settings });
  onTestFinished(() => imagekit.close());
  const { privateKey } = imagekit;
  return { imagekit, client: clientOf(imagekit.url, { privateKey }) };
}

test("a purge sent to the simulated ImageKit is accepted, then pending, then completed", async () => {
  const { imagekit, client } = await both({ pendingMs: "never" });
  const sent = await client.purge(url);
  const id = imagekit.arrivals()[0]?.imagekitRequestId ?? "";
  expect(sent).toEqual({ outcome: "accepted", status: 201, imagekitRequestId: id });
  expect(await client.status(id)).toEqual({ outcome: "pending" });
  imagekit.control.complete();
  expect(await client.status(id)).toEqual({ outcome: "completed" });
  expect((await client.status("598821f949c0a938d57563bd")).outcome).toBe("unknown-id");
});

test("the client tells apart a refused URL, a wrong key and an exhausted quota", async () => {
  const { imagekit, client } = await both({ quota: 0, quotaAnswer: { status: 400, message: "Used up." } });
  expect((await client.purge("https://ik.imagekit.io/demo/*/a.jpg")).outcome).toBe("refused");
  expect(await client.purge(url)).toEqual({ outcome: "unexpected", status: 400, message: "Used up." });
  expect((await clientOf(imagekit.url).purge(url)).outcome).toBe("unauthorized");
});

describe.each([
  { kind: 400, send: "refused", poll: "unknown-id" },
  { kind: 401, send: "unauthorized", poll: "unauthorized" },
  { kind: 403, send: "unauthorized", poll: "unauthorized" },
  { kind: 404, send: "unexpected", poll: "unexpected" },
  { kind: 408, send: "unknown", poll: "failed" },
  { kind: 421, send: "unexpected", poll: "unexpected" },
  { kind: 429, send: "throttled", poll: "throttled" },
  { kind: 500, send: "unknown", poll: "failed" },
  { kind: 503, send: "unknown", poll: "failed" },
  { kind: "redirect", send: "unexpected", poll: "unexpected" },
  { kind: "hang", send: "unknown", poll: "failed" },
  { kind: "reset-before-body-is-read", send: "unknown", poll: "failed" },
  { kind: "reset-after-processing", send: "unknown", poll: "failed" },
  { kind: "garbage", send: "untraceable", poll: "failed" },
  { kind: "no-request-id", send: "untraceable", poll: "failed" },
] as const)("under the fault $kind", ({ kind, send, poll }) => {
  test(`under the fault ${kind}, a purge is ${send} and arrives once`, async () => {
    const { imagekit, client } = await both();
    imagekit.control.addFaults({ endpoint: "send", kind, times: "forever" });
    const { totals } = imagekit.control;
    const call = () => client.purge(url);
    expect((await outcomeOf(kind, () => totals("send").total, call)).outcome).toBe(send);
    expect(imagekit.control.totals("send").total).toBe(1);
    expect(imagekit.control.totals("other").total).toBe(0);
  });

  test(`under the fault ${kind}, a status poll is ${poll}`, async () => {
    const { imagekit, client } = await both({ pendingMs: 0 });
    await client.purge(url);
    imagekit.control.addFaults({ endpoint: "poll", kind, times: "forever" });
    const id = imagekit.arrivals()[0]?.imagekitRequestId ?? "";
    const { totals } = imagekit.control;
    const call = () => client.status(id);
    expect((await outcomeOf(kind, () => totals("poll").total, call)).outcome).toBe(poll);
  });
});
