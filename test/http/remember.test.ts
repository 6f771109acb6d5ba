import { expect, test } from "vitest";
import { remember } from "../../src/http/remember.ts";

/** A question whose answers a test gives, in the order in which it was asked. */
function asking() {
  const time = { now: 1_000_000 };
  const open: { readonly answer: (value: string) => void; readonly fail: (error: Error) => void }[] = [];
  let asked = 0;
  const ask = remember(
    () => {
      asked += 1;
      return new Promise<string>((answer, fail) => open.push({ answer, fail }));
    },
    { now: () => time.now, keepMs: (value) => (value === "up" ? 60_000 : 10_000) },
  );
  return { time, ask, next: () => open.shift(), count: () => asked };
}

test("callers that ask at the same time share one call and its answer", async () => {
  const { ask, next, count } = asking();
  const answers = Promise.all(Array.from({ length: 300 }, ask));
  expect(count()).toBe(1);
  next()?.answer("up");
  expect(new Set(await answers)).toEqual(new Set(["up"]));
  expect(count()).toBe(1);
});

test.each([
  ["up", 60_000],
  ["away", 10_000],
])("the answer %s is given again for %i ms, from when it came", async (value, keptMs) => {
  const { time, ask, next, count } = asking();
  const first = ask();
  time.now += 5_000;
  next()?.answer(value);
  expect(await first).toBe(value);
  time.now += keptMs - 1;
  expect(await ask()).toBe(value);
  expect(count()).toBe(1);
  time.now += 1;
  const second = ask();
  expect(count()).toBe(2);
  next()?.answer("other");
  expect(await second).toBe("other");
});

test("after a call that failed, the next caller asks again", async () => {
  const { ask, next } = asking();
  const first = ask();
  next()?.fail(new Error("no"));
  await expect(first).rejects.toThrow("no");
  const second = ask();
  next()?.answer("up");
  expect(await second).toBe("up");
});

test("an answer from before the clock was set back is not reused", async () => {
  const { time, ask, next, count } = asking();
  const first = ask();
  next()?.answer("up");
  await first;
  time.now -= 1;
  void ask();
  expect(count()).toBe(2);
});
