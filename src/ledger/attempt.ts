import { setup } from "./lua/setup.ts";
import type { Rate } from "./policy.ts";
import { type RunScript, script } from "./script.ts";
import { sha256Hex } from "./sha256.ts";

/** Of each address: ten at once, then one every half a minute. Tokens cannot be guessed; this keeps the noise down. */
const attemptRate: Rate = { perSecond: 1 / 30, burst: 10 };

/**
 * Counts an attempt to sign in.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  bucket (name below `rate:`), rate (perSecond, burst)
 * Replies  'attempt' and the milliseconds until the next one is allowed, or '' when this one was
 * Again    counts twice: an attempt whose reply was lost has happened
 */
const attemptScript = script(
  "attempt",
  [setup],
  /* lua */ `
return { 'attempt', overRate(input.bucket, input.rate) or '' }
`,
);

/** The address is kept only as a hash, and for minutes. */
export async function attempt(run: RunScript, address: string): Promise<number | undefined> {
  const bucket = `sign-in:${(await sha256Hex(address)).slice(0, 32)}`;
  const [, waitMs = ""] = await run(attemptScript, { bucket, rate: attemptRate });
  return waitMs === "" ? undefined : Number(waitMs);
}
