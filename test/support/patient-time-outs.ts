import { vi } from "vitest";

/** Taken before a test puts its own in their place. */
const { setTimeout } = globalThis;

/**
 * In a test both ends of a call to Redis share one thread: on a busy machine a hundred calls at once may all be slower
 * than the 3 s after which Redis counts as away, and what was meant to be answered is rerun. So these time-outs are ten
 * times as long. A test of the time-out itself has `vi.restoreAllMocks()`.
 */
vi.spyOn(AbortSignal, "timeout").mockImplementation((durationMs) => {
  const controller = new AbortController();
  const strike = () => controller.abort(new DOMException("The operation timed out.", "TimeoutError"));
  setTimeout(strike, 10 * durationMs).unref();
  return controller.signal;
});
