import { vi } from "vitest";

/** The original, saved before a test replaces it. */
const { setTimeout } = globalThis;

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
