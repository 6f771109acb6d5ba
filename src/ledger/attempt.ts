import type { Rate } from "./policy.ts";
import type { RunScript } from "./script.ts";
import { sha256Hex } from "./sha256.ts";

/** Of each address: ten at once, then one every half a minute. Tokens cannot be guessed; this keeps the noise down. */
const attemptRate: Rate = { perSecond: 1 / 30, burst: 10 };

/** The address is kept only as a hash, and for minutes. */
export async function attempt(run: RunScript, address: string): Promise<number | undefined> {
  const bucket = `sign-in:${(await sha256Hex(address)).slice(0, 32)}`;
  const [, waitMs = ""] = await run("attempt", { bucket, rate: attemptRate });
  return waitMs === "" ? undefined : Number(waitMs);
}
