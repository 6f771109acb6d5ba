import { expect, onTestFinished, test, vi } from "vitest";
import { listenForInterrupt } from "../../src/command-line/listen-for-interrupt.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof signals)[number];

/** Only the newest listener hears it: other test files of this worker may have launched Chromium, whose own ends the process. */
const send = (signal: Signal) => process.rawListeners(signal).at(-1)?.(signal);
const listeners = () => signals.map((signal) => process.listenerCount(signal));

test.each(signals)("%s is told to a command that takes it, once, however often it comes", (signal) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const before = listeners();
  const { takeInterrupt, stop } = listenForInterrupt();
  const taken = takeInterrupt();
  const listening = listeners();
  send(signal);
  send("SIGINT");
  stop();
  // The command is not yet ended: without a listener, a signal that comes with the first one would end it too early.
  expect([taken.aborted, listeners()]).toEqual([true, listening]);
  // From here on the system ends the process.
  vi.advanceTimersByTime(1_000);
  expect(listeners()).toEqual(before);
});

test.each(signals)("%s ends a command that does not take it, with its advice", async (signal) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { atOnce, onInterruptSay } = listenForInterrupt();
  onInterruptSay("Run it again.");
  send(signal);
  await expect(atOnce).rejects.toThrow("Interrupted. Run it again.");
  vi.advanceTimersByTime(1_000);
});

test("a command that has ended leaves no listener", () => {
  const before = listeners();
  listenForInterrupt().stop();
  expect(listeners()).toEqual(before);
});
