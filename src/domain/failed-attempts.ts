import type { Clock } from "./time.ts";

/** An address may fail ten times at once, then once every half minute. Tokens cannot be guessed; this limits the noise. */
const burst = 10;
const perFailureMs = 30_000;

/** An address and a number take some 100 bytes, so that a stranger with many addresses fills 100 kB and no more. */
const mostNetworks = 1_000;

/** Where the platform names no address (`npm start`), all callers share one count. */
const unnamed = "unnamed";

/**
 * The wrong tokens and sign-in codes that came from each network, in the memory of one process: a stranger's attempts
 * cost Redis nothing. Only failures are counted, and callers ask after the comparison: a right token is never refused.
 */
export type FailedAttempts = {
  /** Counts a failure; gives the milliseconds to wait before the next one when there were too many. */
  readonly count: (address: string | undefined) => number | undefined;
};

export function createFailedAttempts({ now }: Pick<Clock, "now">): FailedAttempts {
  /** When each network may fail ten times again; the latest failure last. */
  const clearAt = new Map<string, number>();
  return {
    count: (address = unnamed) => {
      const network = networkOf(address);
      const at = now();
      const longest = at + burst * perFailureMs;
      // No later than after ten failures just now: the clock may have been set back.
      const clear = Math.min(Math.max(at, clearAt.get(network) ?? at), longest);
      const waitMs = clear + perFailureMs - longest;
      clearAt.delete(network);
      clearAt.set(network, waitMs > 0 ? clear : clear + perFailureMs);
      const [oldest] = clearAt.keys();
      if (clearAt.size > mostNetworks && oldest !== undefined) clearAt.delete(oldest);
      return waitMs > 0 ? waitMs : undefined;
    },
  };
}

/** An IPv4 address, or the /64 of an IPv6 address: one customer has all 2^64 addresses of it. */
export function networkOf(address: string): string {
  const [text = ""] = address.slice(0, 64).toLowerCase().split("%");
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? [];
  if (mapped !== undefined) return mapped;
  if (!text.includes(":")) return text;
  const [head = [], tail] = text.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: zeros }, () => "0"), ...(tail ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0{1,3}(?=.)/, ""))
    .join(":")}::/64`;
}
