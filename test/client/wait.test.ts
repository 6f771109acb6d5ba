import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Progress, PurgeDeskError, purgeDesk } from "../../src/client/client.ts";
import { accepting, tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const boot = "https://ik.imagekit.io/demo/boot.jpg";
const time = { now: Date.now() };
let served: ServedDesk;

beforeAll(async () => {
  served = await serveDesk({ time });
});
beforeEach(() => served.reset());
afterAll(() => served.close());

const desk = () => purgeDesk({ url: served.url, token: tokens.purge });
const waits = () =>
  served.arrivals.map(({ headers }) => headers.get("Prefer")).filter((prefer) => prefer !== null);
/** Status checks are due. */
const later = () => {
  time.now += 10_000;
};

test("wait ends when everything completed, and asks Purge Desk to hold its answer", async () => {
  const submission = await desk().purge({ urls: [shoe, boot, shoe] });
  later();
  const progress = await desk().wait(submission);
  expect(progress).toMatchObject({ done: true, cleared: true, completed: 2, notCleared: [] });
  expect(waits()).toEqual(["wait=20"]);
});

test("wait takes a batch, an id, or several ids, and reads what has ended once", async () => {
  const { batches } = await desk().purge({ urls: [shoe] });
  const [batch] = batches;
  const id = batch?.id ?? "";
  later();
  for (const what of [id, [id, id], { batches, key: "", units: 1, rejected: [] }]) {
    expect(await desk().wait(what)).toMatchObject({ done: true, cleared: true, completed: 1 });
  }
});

test("progress is reported with each answer, and watched batches are asked about more often", async () => {
  served.imagekit.answer = accepting("Pending");
  const submission = await desk().purge({ urls: [shoe] });
  const seen: Progress[] = [];
  const ended = desk().wait(submission, {
    onProgress: (progress) => {
      seen.push(progress);
      served.imagekit.answer = accepting();
      later();
    },
  });
  expect(await ended).toBe(seen.at(-1));
  expect(seen.map(({ done, completed }) => [done, completed])).toEqual([
    [false, 0],
    [true, 1],
  ]);
  expect(waits()).toEqual(["wait=5"]);
});

test("what ended without clearing is told apart from what is cleared", async () => {
  served.imagekit.answer = async (request) => {
    if (request.method === "GET") return Response.json({ status: "Completed" });
    const isShoe = (await request.text()).includes("shoe");
    return isShoe
      ? Response.json({ message: "The URL is not valid for cache purging." }, { status: 400 })
      : Response.json({ requestId: "ik1" }, { status: 201 });
  };
  const submission = await desk().purge({ urls: [shoe, boot] });
  later();
  const progress = await desk().wait(submission);
  expect(progress).toMatchObject({ done: true, cleared: false, completed: 1 });
  expect(progress.notCleared.map(({ url, state }) => [url, state])).toEqual([[shoe, "refused"]]);
});

test("a line that was rejected is not cleared, though everything else completed", async () => {
  const submission = await desk().purge({ urls: [shoe, "nonsense"], onInvalid: "skip" });
  later();
  expect(await desk().wait(submission)).toMatchObject({ done: true, cleared: false, notCleared: [] });
});

test("an abort ends a wait at once; the purges go on", async () => {
  served.imagekit.answer = accepting("Pending");
  const submission = await desk().purge({ urls: [shoe] });
  served.arrivals.length = 0;
  const controller = new AbortController();
  const reason = new Error("enough");
  const ended = desk().wait(submission, { signal: controller.signal });
  await expect.poll(() => served.arrivals.length).toBe(1);
  controller.abort(reason);
  await expect(ended).rejects.toSatisfy(
    (error) => error instanceof PurgeDeskError && error.code === "aborted" && error.cause === reason,
  );
  served.imagekit.answer = accepting();
  later();
  expect(await desk().wait(submission)).toMatchObject({ cleared: true });
});

test("a lost answer does not end a wait", async () => {
  const submission = await desk().purge({ urls: [shoe] });
  later();
  served.fates.push("lose", "drop");
  expect(await desk().wait(submission)).toMatchObject({ done: true, cleared: true });
});
