import type { Clock } from "./time.ts";

/** An address may fail ten times at once, then once in 30 s. Tokens cannot be guessed; this limits the noise. */
const burst = 10;
const perFailureMs = 30_000;

/** An entry takes about 100 bytes, so an attacker with many addresses can fill at most 100 kB. */
const maxNetworks = 1_000;

/** Without an address from the platform (`npm start`), all callers share one count. */
const unnamed = "unnamed";

/**
 * The wrong tokens and sign-in codes that came from each network, in the memory of one process, so that they cost
 * no Redis command. Only failures count, after the comparison: a valid token is never refused.
 */
export type FailedAttempts = {
  /** Counts a failure; if there were too many, returns the milliseconds to wait before the next attempt. */
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
      // At most as late as after ten failures now, because the clock may have been set back.
      const clear = Math.min(Math.max(at, clearAt.get(network) ?? at), longest);
      const waitMs = clear + perFailureMs - longest;
      clearAt.delete(network);
      clearAt.set(network, waitMs > 0 ? clear : clear + perFailureMs);
      const [oldest] = clearAt.keys();
      if (clearAt.size > maxNetworks && oldest !== undefined) clearAt.delete(oldest);
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
