/** How long a reading of the edge may take, beside a send and after Completed (src/edge/read-edge.ts). */
const edgeTimeOutsMs = [1_000, 3_000];

export type EdgeTimeOuts = {
  /** Lets those strike that wait, and from now on each one as soon as it is set. */
  readonly strike: () => void;
  /** Puts the functions back that were there. */
  readonly release: () => void;
};

/**
 * From now on the time-outs of readings strike only when a test says so: no slow machine makes a reading late, and no test
 * of a CDN that hangs waits. By hand, because Vitest restores a spy a second time when its file ends.
 */
export function holdEdgeTimeOuts(): EdgeTimeOuts {
  const { setTimeout, clearTimeout } = globalThis;
  const held = new Map<unknown, () => void>();
  let strikesAtOnce = false;
  Object.assign(globalThis, {
    setTimeout: (...args: Parameters<typeof setTimeout>) => {
      const [callback, delayMs = 0] = args;
      // Undici passes arguments to its own callbacks.
      if (args.length > 2 || !edgeTimeOutsMs.includes(delayMs)) return setTimeout(...args);
      if (strikesAtOnce) return setTimeout(callback, 0);
      const timer = setTimeout(() => undefined, 0);
      held.set(timer, callback);
      return timer;
    },
    clearTimeout: (timer: Parameters<typeof clearTimeout>[0]) => {
      held.delete(timer);
      clearTimeout(timer);
    },
  });
  return {
    strike: () => {
      strikesAtOnce = true;
      for (const callback of held.values()) callback();
      held.clear();
    },
    release: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  };
}
