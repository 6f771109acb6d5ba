import { setTimeout } from "node:timers";
import { beforeAll, vi } from "vitest";

/**
 * In a test, both ends of a call to Redis share one thread. On a busy machine, a hundred simultaneous calls may all take
 * longer than the 3 s after which Redis counts as unreachable, and would be rerun. So these time-outs are ten times as
 * long. A test of the time-out itself calls `vi.restoreAllMocks()`.
 */
vi.spyOn(AbortSignal, "timeout").mockImplementation((durationMs) => {
  const controller = new AbortController();
  const strike = () => controller.abort(new DOMException("The operation timed out.", "TimeoutError"));
  setTimeout(strike, 10 * durationMs).unref();
  return controller.signal;
});

/**
 * Files share their worker's globals: a fake timer that one leaves behind would hang the next. When a file has ended, Vitest
 * restores every spy once more, so a spy on a fake `setTimeout` brings the fake back.
 */
beforeAll(() => {
  if (globalThis.setTimeout !== setTimeout) throw new Error("an earlier file left a fake setTimeout behind");
});
