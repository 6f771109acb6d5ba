import { systemClock } from "../../../src/domain/time.ts";
import type { Random } from "../../../src/local/imagekit/random.ts";
import type { RedisFault, RedisFaultHook } from "../../../src/local/redis/fault.ts";
import type { RedisFaultRates } from "./weather.ts";

export type RedisWeather = {
  readonly hook: RedisFaultHook;
  /** Nothing reaches Redis for this long (in real milliseconds). */
  readonly breakOff: (forMs: number) => void;
};

/** Longer than a server waits for Redis: the request is executed when nobody expects it any more. */
const hangMs = 3_300;

/** Decides at random what happens to each request to Redis. */
export function redisWeather(random: Random, rates: RedisFaultRates): RedisWeather {
  let awayUntilMs = 0;
  const faults: readonly (readonly [number, () => RedisFault])[] = [
    [rates.loseRequest, () => "lose-request"],
    [rates.loseReply, () => "lose-reply"],
    [rates.errorBefore, () => ({ status: random() < 0.5 ? 500 : 503 })],
    [rates.errorAfter, () => ({ status: random() < 0.5 ? 500 : 429, executed: true })],
    [rates.slow, () => ({ delayMs: Math.floor(random() * 60) })],
    [rates.hang, () => (random() < 0.5 ? { delayMs: hangMs } : { replyAfter: systemClock.sleep(hangMs) })],
  ];
  return {
    hook: () => {
      if (systemClock.monotonicMs() < awayUntilMs) return "lose-request";
      let chance = random();
      for (const [rate, fault] of faults) {
        if (chance < rate) return fault();
        chance -= rate;
      }
      return "pass";
    },
    breakOff: (forMs) => {
      awayUntilMs = systemClock.monotonicMs() + forMs;
    },
  };
}
