/** The timers that were started and stopped since `watchTimers`. `unwatch` puts the functions back that were there. */
export type WatchedTimers = {
  readonly started: readonly { readonly delayMs: number | undefined; readonly timer: unknown }[];
  readonly stopped: readonly unknown[];
  readonly unwatch: () => void;
};

/** By hand, because Vitest restores a spy a second time when its file ends, which would bring fake timers back. */
export function watchTimers(): WatchedTimers {
  const { setTimeout, clearTimeout } = globalThis;
  const started: WatchedTimers["started"][number][] = [];
  const stopped: unknown[] = [];
  Object.assign(globalThis, {
    setTimeout: (...args: Parameters<typeof setTimeout>) => {
      const timer = setTimeout(...args);
      started.push({ delayMs: args[1], timer });
      return timer;
    },
    clearTimeout: (timer: Parameters<typeof clearTimeout>[0]) => {
      stopped.push(timer);
      clearTimeout(timer);
    },
  });
  return { started, stopped, unwatch: () => void Object.assign(globalThis, { setTimeout, clearTimeout }) };
}
