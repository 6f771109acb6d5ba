import type { Clock } from "../../domain/time.ts";
import type { Settings } from "./settings.ts";
import { type Draw, tokenBucket } from "./token-bucket.ts";

/** The account's rate limits, one for each endpoint. */
export type Limits = {
  /** Undefined when there is no limit. */
  readonly draw: (endpoint: "send" | "poll") => (Draw & { readonly burst: number }) | undefined;
};

export function rateLimits(rateLimit: Settings["rateLimit"], clock: Clock): Limits {
  const limitOf = (bucket: Settings["rateLimit"]["send"]) =>
    bucket === "none" ? undefined : { burst: bucket.burst, draw: tokenBucket(bucket, clock.monotonicMs) };
  const limits = { send: limitOf(rateLimit.send), poll: limitOf(rateLimit.poll) };
  return {
    draw(endpoint) {
      const limit = limits[endpoint];
      return limit === undefined ? undefined : { ...limit.draw(), burst: limit.burst };
    },
  };
}
