import { Interrupted } from "./exit-codes.ts";
import type { Session } from "./session.ts";

export type Interruption = Pick<Session, "takeInterrupt" | "onInterruptSay"> & {
  /** Throws Interrupted at the first signal, unless the command has taken it. */
  readonly atOnce: Promise<never>;
  /** Gives signals the system's effect again, unless the command is ending because of one. */
  readonly stop: () => void;
};

/** Ctrl-C, what systems and CI end a process with, and a terminal that is closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npx passes Ctrl-C on to a command that has it from the terminal already, and a system ends a whole group of processes. */
const sameInterruptMs = 1_000;

/**
 * Takes the first signal, and those that come with it, so that the command can say how to go on. A later one has the
 * system's effect, whatever the command is doing.
 */
export function listenForInterrupt(): Interruption {
  const taken = new AbortController();
  let isTaken = false;
  let isInterrupted = false;
  let advice = "";
  let end: (error: Interrupted) => void = () => undefined;
  const atOnce = new Promise<never>((_, reject) => {
    end = reject;
  });
  const leave = () => {
    for (const signal of signals) process.off(signal, interrupt);
  };
  const interrupt = () => {
    if (isInterrupted) return;
    isInterrupted = true;
    setTimeout(leave, sameInterruptMs).unref();
    if (isTaken) taken.abort();
    else end(new Interrupted(`Interrupted. ${advice}`.trimEnd()));
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    atOnce,
    takeInterrupt: () => {
      isTaken = true;
      return taken.signal;
    },
    onInterruptSay: (text) => {
      advice = text;
    },
    stop: () => {
      if (!isInterrupted) leave();
    },
  };
}
