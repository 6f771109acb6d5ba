import { expect, test } from "vitest";
import { listenForInterrupt } from "../../src/command-line/listen-for-interrupt.ts";

/** Only the newest listener hears it: other test files of this worker may have launched Chromium, whose own ends the process. */
const pressCtrlC = () => process.rawListeners("SIGINT").at(-1)?.("SIGINT");

test("a command that takes Ctrl-C is told of the first one, and the second ends the process", () => {
  const before = process.listenerCount("SIGINT");
  const { takeInterrupt, stop } = listenForInterrupt();
  const signal = takeInterrupt();
  // With no listener left, the system ends the process.
  pressCtrlC();
  expect([signal.aborted, process.listenerCount("SIGINT")]).toEqual([true, before]);
  stop();
});

test("Ctrl-C ends a command that does not take it, with its advice", async () => {
  const { atOnce, onInterruptSay, stop } = listenForInterrupt();
  onInterruptSay("Run it again.");
  pressCtrlC();
  await expect(atOnce).rejects.toThrow("Interrupted. Run it again.");
  stop();
});
