import type { Environment } from "../../../src/config.ts";
import type { EpochMs } from "../../../src/domain/time.ts";
import type { CdnFaultRequest } from "../../../src/local/imagekit/cdn/cdn-faults.ts";
import type { FaultRequest } from "../../../src/local/imagekit/faults.ts";
import { type Random, seededRandom } from "../../../src/local/imagekit/random.ts";

/** Everything about a storm that its seed decides. */
export type Weather = {
  readonly random: Random;
  readonly servers: number;
  readonly callers: number;
  readonly startsAt: EpochMs;
  readonly quota: number;
  readonly env: Environment;
  readonly pendingMs: { readonly minMs: number; readonly maxMs: number };
  readonly imagekitFaults: readonly FaultRequest[];
  /** They last through the calm too: no purge may depend on what can be read. */
  readonly cdnFaults: readonly CdnFaultRequest[];
  readonly redisFaults: RedisFaultRates;
};

/** The probability of each fault for one request to Redis. */
export type RedisFaultRates = {
  readonly loseRequest: number;
  readonly loseReply: number;
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly slow: number;
  readonly hang: number;
};

const midMonth = Date.parse("2026-11-15T12:00:00.000Z");
const lastMinutes = Date.parse("2026-11-30T23:54:00.000Z");

export function weatherOf(seed: number, purges: number): Weather {
  const random = seededRandom(seed);
  const oneIn = (n: number) => random() < 1 / n;
  const quota = oneIn(3) ? Math.ceil(purges * 0.7) : purges * 3;
  return {
    random,
    servers: 2 + Math.floor(random() * 3),
    callers: 6 + Math.floor(random() * 8),
    startsAt: oneIn(4) ? lastMinutes : midMonth,
    quota,
    env: {
      PURGE_MONTHLY_QUOTA: String(quota),
      PURGE_RESEND_UNKNOWN: oneIn(5) ? "never" : "once",
      PURGE_REFUSED_COSTS: oneIn(4) ? "true" : "false",
      PURGE_CALLER_RATE: "off",
      PURGE_SEND_RATE: oneIn(4) ? "40/s:60" : "off",
      PURGE_POLL_RATE: oneIn(4) ? "100/s:200" : "off",
      PURGE_EDGE_CHECK: oneIn(4) ? "off" : "on",
    },
    pendingMs: { minMs: 0, maxMs: oneIn(3) ? 1_200_000 : 60_000 },
    imagekitFaults: imagekitFaults(random, oneIn(3) ? 0.002 : 0, oneIn(5) ? 3 : 1),
    cdnFaults: oneIn(6) ? [{ kind: "reset", times: "forever" }] : cdnFaults(random),
    redisFaults: redisFaults(oneIn(4) ? 3 : 1),
  };
}

/** Each strikes one image in a hundred, or in ten, for ever. */
function cdnFaults(random: Random): readonly CdnFaultRequest[] {
  const on = (kind: CdnFaultRequest["kind"], more: Partial<CdnFaultRequest> = {}): CdnFaultRequest => ({
    kind,
    times: "forever",
    urlContains: `${Math.floor(10 + random() * 90)}.jpg`,
    ...more,
  });
  return [
    on("hang"),
    on("reset"),
    on(403),
    on(404, { headers: { Age: "86400" } }),
    on(405, { method: "HEAD" }),
    on(503),
    on("html"),
    on("redirect"),
    on("headers", { headers: { Age: "3600" } }),
    on("headers", { headers: { Age: null } }),
    on("keep-copy", { urlContains: `${Math.floor(random() * 10)}.jpg` }),
    on("visitor-meanwhile"),
  ];
}

function imagekitFaults(random: Random, noCredentials: number, times: number): readonly FaultRequest[] {
  const forever = { times: "forever" } as const;
  const send = (kind: FaultRequest["kind"], probability: number, more: Partial<FaultRequest> = {}) => ({
    ...forever,
    endpoint: "send" as const,
    kind,
    probability: probability * times,
    seed: Math.floor(random() * 2 ** 31),
    ...more,
  });
  const poll = (kind: FaultRequest["kind"], probability: number, more: Partial<FaultRequest> = {}) => ({
    ...send(kind, probability, more),
    endpoint: "poll" as const,
  });
  return [
    send("reset-before-body-is-read", 0.015),
    send("reset-after-processing", 0.015),
    send("hang", 0.004, { processed: false }),
    send("hang", 0.004, { processed: true }),
    send("slow", 0.02, { delayMs: 2_000 }),
    send("garbage", 0.005),
    send("no-request-id", 0.005),
    send("redirect", 0.003),
    send(400, 0.02),
    send(401, noCredentials),
    send(403, noCredentials),
    send(404, 0.003),
    send(429, 0.01, { resetMs: 1_500 }),
    send(500, 0.01),
    send(503, 0.01, { processed: true }),
    poll("reset-before-body-is-read", 0.01),
    poll("reset-after-processing", 0.01),
    poll("hang", 0.004),
    poll("garbage", 0.02),
    poll(400, 0.05),
    poll(401, noCredentials),
    poll(429, 0.01, { resetMs: 1_500 }),
    poll(500, 0.02),
  ].filter(({ probability = 1 }) => probability > 0);
}

function redisFaults(times: number): RedisFaultRates {
  return {
    loseRequest: 0.01 * times,
    loseReply: 0.02 * times,
    errorBefore: 0.01 * times,
    errorAfter: 0.01 * times,
    slow: 0.05 * times,
    hang: 0.002 * times,
  };
}
