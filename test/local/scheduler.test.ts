import { expect, test } from "vitest";
import type { Clock } from "../../src/domain/time.ts";
import { type SchedulerOptions, startScheduler } from "../../src/local/scheduler.ts";

const everyMs = 10_000;

/** A clock that jumps over every sleep, and tells how long each was. After the last one it waits to be stopped. */
function jumpingClock(sleeps: number) {
  let now = 0;
  const slept: number[] = [];
  const clock: Clock = {
    now: () => now,
    monotonicMs: () => now,
    sleep: (durationMs, signal) => {
      if (slept.length === sleeps) {
        return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
      }
      slept.push(durationMs);
      now += durationMs;
      return Promise.resolve();
    },
  };
  return {
    clock,
    slept,
    pass: (durationMs: number) => {
      now += durationMs;
    },
  };
}

const start = (options: Partial<SchedulerOptions> & Pick<SchedulerOptions, "clock" | "run">) =>
  startScheduler({ everyMs, onError: (error) => expect.fail(String(error)), ...options });

test("runs once an interval, whatever part of it a run takes, and at once after a run that took longer", async () => {
  const { clock, slept, pass } = jumpingClock(4);
  const durations = [0, 4_000, 25_000, 0];
  const done = signalled();
  let runs = 0;
  const scheduler = start({
    clock,
    run: async () => {
      pass(durations[runs] ?? 0);
      runs += 1;
      if (runs === 4) done.signal();
    },
  });
  await done.signalled;
  await scheduler.stop();
  expect(slept).toEqual([10_000, 10_000, 6_000, 0]);
});

test("a run that fails is reported, and the next one comes all the same", async () => {
  const { clock } = jumpingClock(2);
  const done = signalled();
  const errors: unknown[] = [];
  const scheduler = start({
    clock,
    onError: (error) => errors.push(error),
    run: async () => {
      if (errors.length === 0) throw new Error("first");
      done.signal();
    },
  });
  await done.signalled;
  await scheduler.stop();
  expect(errors).toEqual([new Error("first")]);
});

test("stopping waits for the run under way and starts no other", async () => {
  const { clock } = jumpingClock(100);
  const events: string[] = [];
  const begun = signalled();
  const letGo = signalled();
  const scheduler = start({
    clock,
    run: async () => {
      events.push("begun");
      begun.signal();
      await letGo.signalled;
      events.push("ended");
    },
  });
  await begun.signalled;
  const stopped = scheduler.stop().then(() => events.push("stopped"));
  letGo.signal();
  await stopped;
  expect(events).toEqual(["begun", "ended", "stopped"]);
});

test("stopped before its first interval is over, it never runs", async () => {
  const { clock } = jumpingClock(0);
  const scheduler = start({ clock, run: () => Promise.reject(new Error("it ran")) });
  await scheduler.stop();
});

function signalled(): { readonly signalled: Promise<void>; readonly signal: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { signalled: promise, signal: () => resolve() };
}
