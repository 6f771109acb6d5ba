import type { Clock } from "../domain/time.ts";
import type { RunScript } from "./script.ts";

/** Who changes the policy waits this long at most to see it in health. */
const rememberedForMs = 3_600_000;

/**
 * What Redis does with keys when its memory is full, as its `maxmemory-policy`; undefined where it does not say.
 * Never throws, and asks once an hour at most.
 */
export function createEvictionReader(clock: Clock): (run: RunScript) => Promise<string | undefined> {
  let known: { readonly policy: string | undefined; readonly atMs: number } | undefined;
  return async (run) => {
    const nowMs = clock.monotonicMs();
    if (known && nowMs - known.atMs < rememberedForMs) return known.policy;
    const [, policy = ""] = await run("read-eviction", {}).catch(() => []);
    known = { policy: policy === "" ? undefined : policy, atMs: nowMs };
    return known.policy;
  };
}
