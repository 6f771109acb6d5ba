/** What a request was given. `inMs`: when to try again. */
export type Draw = { readonly granted: boolean; readonly inMs: number };

/** Full at first; `monotonicMs` is its clock. */
export function tokenBucket(
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  monotonicMs: () => number,
): () => Draw {
  let tokens = burst;
  let filledAt = monotonicMs();
  return () => {
    const now = monotonicMs();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
    const granted = tokens >= 1;
    if (granted) tokens -= 1;
    return { granted, inMs: tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1_000) };
  };
}
