import { Interrupted } from "./exit-codes.ts";
import type { Session } from "./session.ts";

export type Interruption = Pick<Session, "takeInterrupt" | "onInterruptSay"> & {
  /** Throws Interrupted at the first Ctrl-C, unless the command has taken it. */
  readonly atOnce: Promise<never>;
  readonly stop: () => void;
};

/** Takes the first Ctrl-C only: the second has the system's effect, whatever the command is doing. */
export function listenForInterrupt(): Interruption {
  const taken = new AbortController();
  let isTaken = false;
  let advice = "";
  let end: (error: Interrupted) => void = () => undefined;
  const atOnce = new Promise<never>((_, reject) => {
    end = reject;
  });
  const interrupt = () => {
    if (isTaken) taken.abort();
    else end(new Interrupted(`Interrupted. ${advice}`.trimEnd()));
  };
  process.once("SIGINT", interrupt);
  return {
    atOnce,
    takeInterrupt: () => {
      isTaken = true;
      return taken.signal;
    },
    onInterruptSay: (text) => {
      advice = text;
    },
    stop: () => void process.off("SIGINT", interrupt),
  };
}
