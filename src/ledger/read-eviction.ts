import type { Clock } from "../domain/time.ts";
import type { RunScript } from "./script.ts";

/** Health shows a changed policy after at most this long. */
const rememberedForMs = 3_600_000;

/**
 * Reads what Redis does with keys when its memory is full (`maxmemory-policy`); undefined if Redis does not say.
 * Never throws, and asks at most once an hour.
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
