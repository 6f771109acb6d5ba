/** How long `wait` may take, on a clock that a test moves: the client knows none but the platform's. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Progress, type PurgeDeskError, purgeDesk, type WaitOptions } from "../../src/client/client.ts";

type Answer = { readonly afterMs: number; readonly body: unknown } | "never" | "drop";

const { timeout } = AbortSignal;
/** The paths that were read, in order. */
const read: string[] = [];
/** How long each of these reads asked Purge Desk to hold its answer. */
const held: (string | null)[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("too late", "TimeoutError")), ms);
    return controller.signal;
  };
  read.length = 0;
  held.length = 0;
});
afterEach(() => {
  AbortSignal.timeout = timeout;
  vi.useRealTimers();
});

/** A Purge Desk that answers the nth read so. */
const deskThat = (answerTo: (path: string, nth: number) => Answer) =>
  purgeDesk({
    url: "https://purge.test",
    token: "pd_a",
    fetch: async (input, init) => {
      const path = new URL(String(input)).pathname.replace("/api/batches/", "");
      read.push(path);
      held.push(new Headers(init?.headers).get("Prefer"));
      const answer = answerTo(path, read.length);
      return new Promise((resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        if (answer === "drop") reject(new TypeError("fetch failed"));
        else if (answer !== "never") setTimeout(() => resolve(Response.json(answer.body)), answer.afterMs);
      });
    },
  });

type State = "queued" | "pending" | "completed" | "abandoned";
/** A batch with these purges. */
const batch = (id: string, purges: Readonly<Record<string, State>>) => ({
  id,
  done: Object.values(purges).every((state) => state === "completed" || state === "abandoned"),
  lines: Object.values(purges).map((state) => ({ verdict: "accepted", state })),
  purges: Object.entries(purges).map(([purgeId, state]) => ({ id: purgeId, state })),
});
const open = batch("b_1", { p_1: "pending" });
const atOnce = (body: unknown): Answer => ({ afterMs: 0, body });

/** What became of a wait, and when. */
type Ended = { readonly atMs: number; readonly progress?: Progress; readonly error?: PurgeDeskError };
function waiting(desk: ReturnType<typeof deskThat>, what: string | readonly string[], options: WaitOptions) {
  const from = performance.now();
  const ended: Ended[] = [];
  const atMs = () => Math.round(performance.now() - from);
  void desk.wait(what, options).then(
    (progress) => ended.push({ atMs: atMs(), progress }),
    (error) => ended.push({ atMs: atMs(), error }),
  );
  return { ended, move: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

test("a server that accepts and never answers cannot hold a wait: it ends unreachable, a second after its time", async () => {
  const { ended, move } = waiting(
    deskThat(() => "never"),
    "b_1",
    { timeoutMs: 5_000 },
  );
  await move(5_999);
  expect(ended).toEqual([]);
  await move(60_000);
  expect(ended).toMatchObject([{ atMs: 6_000, error: { code: "unreachable" } }]);
  expect(read).toEqual(["b_1"]);
});

test("a first read that outlasts the wait's time, by less than a second, is its answer", async () => {
  const desk = deskThat(() => ({ afterMs: 5_900, body: open }));
  const { ended, move } = waiting(desk, "b_1", { timeoutMs: 5_000 });
  await move(60_000);
  expect(ended).toMatchObject([{ atMs: 5_900, progress: { done: false, completed: 0 } }]);
  expect(read).toEqual(["b_1"]);
});

test.each([
  [60_000, "wait=20"],
  [2_999.5, "wait=3"],
])("a wait of %d ms asks Purge Desk to hold its answer: %s", async (timeoutMs, asked) => {
  const desk = deskThat((_, nth) => (nth === 1 ? atOnce(open) : "never"));
  const { move } = waiting(desk, "b_1", { timeoutMs });
  await move(timeoutMs / 2);
  expect(held).toEqual([null, asked]);
  await move(120_000);
});

test("a connection that hangs while Purge Desk holds its answer does not end a wait: it is asked again", async () => {
  const done = batch("b_1", { p_1: "completed" });
  const desk = deskThat((_, nth) => (nth === 1 ? atOnce(open) : nth === 2 ? "never" : atOnce(done)));
  const { ended, move } = waiting(desk, "b_1", {});
  await move(60_000);
  expect(held).toEqual([null, "wait=20", "wait=20"]);
  expect(ended).toMatchObject([{ progress: { done: true, cleared: true } }]);
});

test.each([25_000, 45_000])(
  "a wait of %d ms that was read once tells how far it is at its end, however connections hang",
  async (timeoutMs) => {
    const desk = deskThat((_, nth) => (nth === 1 ? atOnce(open) : "never"));
    for (const onProgress of [undefined, () => undefined]) {
      read.length = 0;
      const { ended, move } = waiting(desk, "b_1", { timeoutMs, onProgress });
      await move(200_000);
      expect(ended).toMatchObject([{ progress: { done: false, completed: 0 } }]);
      expect(ended[0]?.atMs).toBeLessThanOrEqual(timeoutMs + 1_000);
    }
  },
);

test.each([60_000, 80_000])("no wait of %d ms lasts longer, however connections hang", async (timeoutMs) => {
  const desk = deskThat((_, nth) => (nth === 1 ? atOnce(open) : "never"));
  const { ended, move } = waiting(desk, "b_1", { timeoutMs });
  await move(200_000);
  expect(ended).toHaveLength(1);
  expect(ended[0]?.atMs).toBeLessThanOrEqual(timeoutMs + 1_000);
});

test("a first read that hangs ends a wait a second after its time", async () => {
  const desk = deskThat(() => "never");
  const { ended, move } = waiting(desk, "b_1", { timeoutMs: 25_000 });
  await move(200_000);
  expect(ended).toMatchObject([{ error: { code: "unreachable" } }]);
  expect(ended[0]?.atMs).toBeLessThanOrEqual(26_000);
});

test("a server that answers at once is asked every two seconds, and when the time is over wait tells how far it is", async () => {
  const { ended, move } = waiting(
    deskThat(() => atOnce(open)),
    "b_1",
    { timeoutMs: 5_000 },
  );
  await move(60_000);
  expect(ended).toMatchObject([{ atMs: 5_000, progress: { done: false, cleared: false, completed: 0 } }]);
  // The first two follow each other: the first one only says how far the batch is.
  expect(held).toEqual([null, "wait=5", "wait=3", "wait=1"]);
});

test("a wait without time reads many batches at once, and says how far they are", async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `b_${n}`);
  const desk = deskThat((id) => ({ afterMs: 900, body: batch(id, { [id]: "pending" }) }));
  const { ended, move } = waiting(desk, ids, { timeoutMs: 0 });
  await move(60_000);
  expect(ended).toMatchObject([{ atMs: 900, progress: { done: false, completed: 0 } }]);
  expect(ended[0]?.progress?.batches.map(({ id }) => id)).toEqual(ids);
});

test("however many batches a wait reads first, and however often these reads fail, it ends within a second of its time", async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `b_${n}`);
  const silent = waiting(
    deskThat(() => "never"),
    ids,
    { timeoutMs: 5_000 },
  );
  const failing = waiting(
    deskThat(() => "drop"),
    ids,
    { timeoutMs: 5_000 },
  );
  await silent.move(60_000);
  expect(silent.ended).toMatchObject([{ atMs: 6_000, error: { code: "unreachable" } }]);
  expect(failing.ended).toMatchObject([{ error: { code: "unreachable" } }]);
  expect(failing.ended[0]?.atMs).toBeLessThanOrEqual(5_000);
});

test.each([
  [0, "1 s"],
  [1_500, "3 s"],
  [4_000.5, "6 s"],
])(
  "an answer that is waited for until %d ms are over says so in whole seconds, rounded up",
  async (timeoutMs, seconds) => {
    const { ended, move } = waiting(
      deskThat(() => "never"),
      "b_1",
      { timeoutMs },
    );
    await move(60_000);
    expect(ended[0]?.error?.message).toBe(
      `Purge Desk at https://purge.test cannot be reached: no answer within ${seconds}`,
    );
  },
);

test("a later read that is never answered ends a second after the wait's time, with what was known before", async () => {
  const desk = deskThat((_, nth) => (nth === 1 ? atOnce(open) : "never"));
  const { ended, move } = waiting(desk, "b_1", { timeoutMs: 5_000 });
  await move(60_000);
  expect(ended).toMatchObject([{ atMs: 6_000, progress: { done: false, purges: [{ state: "pending" }] } }]);
});

test("a wait whose later reads all fail tries again, and ends within its time with what was known before", async () => {
  const desk = deskThat((_, nth) => (nth === 1 ? atOnce(open) : "drop"));
  const { ended, move } = waiting(desk, "b_1", { timeoutMs: 5_000 });
  await move(60_000);
  expect(ended).toMatchObject([{ progress: { done: false, completed: 0 } }]);
  expect(ended[0]?.atMs).toBeLessThanOrEqual(5_000);
  expect(read.length).toBeGreaterThan(3);
});

test.each([
  ["before the first read", () => atOnce(open), "at once", 0],
  ["during the first read", () => "never" as const, 1_000, 1],
  ["between two reads, while it rests", () => atOnce(open), 1_000, 2],
  [
    "during a later read",
    (_: string, nth: number) => (nth === 1 ? atOnce(open) : ("never" as const)),
    1_000,
    2,
  ],
] as const)(
  "an abort %s ends a wait at once, and nothing is read any more",
  async (_, answer, when, reads) => {
    const controller = new AbortController();
    const reason = new Error("the reader left");
    if (when === "at once") controller.abort(reason);
    const { ended, move } = waiting(deskThat(answer), "b_1", { signal: controller.signal });
    if (when !== "at once") {
      await move(when);
      expect(ended).toEqual([]);
      controller.abort(reason);
    }
    await move(0);
    expect(ended).toMatchObject([
      { atMs: when === "at once" ? 0 : when, error: { code: "aborted", cause: reason } },
    ]);
    await move(60_000);
    expect(read).toHaveLength(reads);
  },
);

test("progress never goes backwards, though batches that share a purge are read one after the other", async () => {
  // The shared purge completes between the two first reads; what batch a says of it is then older.
  const later: Readonly<Record<string, readonly Readonly<Record<string, State>>[]>> = {
    a: [
      { shared: "completed", own: "queued" },
      { shared: "completed", own: "pending" },
      { shared: "completed", own: "completed" },
    ],
    b: [
      { shared: "pending", other: "pending" },
      { shared: "completed", other: "abandoned" },
    ],
  };
  const times = new Map<string, number>();
  const desk = deskThat((id) => {
    const nth = times.get(id) ?? 0;
    times.set(id, nth + 1);
    return atOnce(batch(id, later[id]?.[nth] ?? {}));
  });
  const seen: Progress[] = [];
  const { ended, move } = waiting(desk, ["a", "b"], { onProgress: (progress) => void seen.push(progress) });
  await move(60_000);
  expect(ended).toMatchObject([{ progress: { done: true, cleared: false } }]);
  expect(seen.map(({ completed, notCleared }) => [completed, notCleared.length])).toEqual([
    [1, 0],
    [1, 0],
    [1, 1],
    [2, 1],
  ]);
  expect(seen.at(-1)).toBe(ended[0]?.progress);
});
