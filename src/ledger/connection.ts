import { Redis } from "@upstash/redis/cloudflare";
import * as z from "zod/mini";
import { purgeStates, transitions } from "../domain/purge.ts";
import { afterPendingIo, type Clock } from "../domain/time.ts";
import { LedgerFull, LedgerInDoubt, LedgerUnavailable, RequestTooLarge } from "./contract.ts";
import { type LedgerKeys, schema } from "./keys.ts";
import { periodsAround } from "./periods.ts";
import { doubtsThatOpen, type LedgerPolicy, mostSending } from "./policy.ts";
import { type Principal, TooManyRequests } from "./principal.ts";
import { isFull, isOwnRefusal, messageOf, withoutCommand } from "./redis-errors.ts";
import { hashOf, type RunScript, type ScriptName, sourceOf } from "./script.ts";
import { timings } from "./timings.ts";
import { createWitness, type Witness } from "./witness.ts";

/**
 * Each request to Redis may take `requestTimeoutMs`. A failed call is rerun until `rerunForMs` after it began, and at
 * least once: a reservation whose reply timed out has leased a wave, and only its rerun learns of it. So a call waits
 * about 6 s when Redis does not answer at all.
 */
const requestTimeoutMs = 3_000;
const rerunForMs = 2_000;
const rerunPausesMs = [25, 50, 100, 200, 400];

/** What the ledger asks of Redis. */
export type RedisCommands = Pick<Redis, "eval" | "evalsha" | "mget" | "scan" | "set">;

/**
 * Upstash accepts requests of at most 1 MB. This is the limit for an input as sent, as a JSON string within JSON. The
 * rest is for the script, the keys and the settings.
 */
const largestInputBytes = 1_000_000 - 90_000;

export type RedisAddress = { readonly url: string; readonly token: string };

/** What a ledger's calls need. `now`: the scripts' time, set by tests only; without it the scripts ask Redis. */
export type ConnectionOptions = {
  readonly redis: RedisAddress;
  readonly keys: LedgerKeys;
  readonly policy: LedgerPolicy;
  readonly clock: Clock;
  readonly now?: (() => number) | undefined;
};

export type Connection = {
  /** Runs scripts for a principal. The first script that `limited` runs counts against the caller's rate; `run` never does. */
  readonly runsFor: (principal: Principal) => { readonly run: RunScript; readonly limited: RunScript };
  /** One plain command, rerun like a script. */
  readonly command: <T>(send: (redis: RedisCommands) => Promise<T>) => Promise<T>;
  readonly witness: Pick<Witness, "remember">;
};

/**
 * The Upstash client without its automatic behaviour. By default it reruns a failed request up to five times, with
 * growing pauses, parses replies as JSON, and has no time-out. Its entry for Cloudflare uses only web standards; the
 * Node entry reads `process` and brings a search client.
 */
export function connect({ redis: address, keys, policy, clock, now }: ConnectionOptions): Connection {
  const redis: RedisCommands = new Redis({
    ...address,
    retry: { retries: 0 },
    signal: () => afterPendingIo(AbortSignal.timeout(requestTimeoutMs)),
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
  });
  /** When the ledger that this instance uses was created. If this changes, its database was lost. */
  let knownSince: number | undefined;
  const witness = createWitness(clock);
  /** The ledger was rolled back, and this instance has yet to report again what ImageKit accepted. */
  let mustTellAgain = false;

  const rate = policy.callerRate === "off" ? undefined : policy.callerRate;
  const policyArgument = (caller: string | undefined, despiteFull: boolean) => {
    const at = now?.();
    return JSON.stringify({
      ...policyOfScripts(policy, keys),
      caller: caller && rate && { name: caller, ...rate },
      knownSince,
      witness: witness.seen(),
      despiteFull,
      now: at,
      periods: periodsAround(at ?? clock.now(), policy),
    });
  };

  const command: Connection["command"] = async (send) => {
    const begunMs = clock.monotonicMs();
    for (let attempt = 0; ; attempt++) {
      try {
        return await send(redis);
      } catch (error) {
        const cause = withoutCommand(error);
        if (isOwnRefusal(cause)) throw cause;
        // Redis checks memory before a script's first write. But an earlier attempt may have been executed.
        if (isFull(cause)) throw new LedgerFull(attempt === 0 && cause.message.startsWith("OOM"), { cause });
        const pauseMs = rerunPausesMs[Math.min(attempt, rerunPausesMs.length - 1)] ?? 0;
        if (attempt > 0 && clock.monotonicMs() - begunMs + pauseMs > rerunForMs) {
          throw new LedgerUnavailable("Redis cannot be reached", { cause });
        }
        await clock.sleep(pauseMs);
      }
    }
  };

  /** Counts only the first attempt of a call: it may have been executed, and then its rerun must not be refused. */
  const runAs = async (
    caller: string | undefined,
    onStep: Principal["onStep"],
    which: ScriptName,
    input: unknown,
  ) => {
    const inputArgument = JSON.stringify(input, wellFormed);
    const bytes = new TextEncoder().encode(JSON.stringify(inputArgument)).byteLength;
    if (bytes > largestInputBytes) throw new RequestTooLarge(bytes, largestInputBytes);
    const allKeys = [...keys.all];
    let counted = caller;
    const execute = (despiteFull: boolean) =>
      command(async (client) => {
        const args = [policyArgument(counted, despiteFull), inputArgument];
        counted = undefined;
        try {
          return await client.evalsha(hashOf(which), allKeys, args);
        } catch (error) {
          if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
          return await client.eval(sourceOf(which), allKeys, args);
        }
      });
    const reply = await execute(false).catch((error: unknown) => {
      // A full Redis accepts no new purges. The purges that it has still proceed.
      if (!(error instanceof LedgerFull) || which === "reserve") throw error;
      return execute(true);
    });
    const strings = flatReply.parse(reply);
    const [steps = "", since = "", seen = "", wentBack = ""] = strings.slice(-4);
    // This is another ledger than before. What this instance saw of the old one says nothing about this one.
    if (since !== "" && Number(since) !== knownSince) {
      knownSince = Number(since);
      witness.forget();
    }
    witness.see(seen);
    if (wentBack !== "") mustTellAgain = true;
    if (onStep && steps !== "") stepsReply.parse(JSON.parse(steps)).forEach(onStep);
    if (strings[0] === "rate-limited") {
      throw new TooManyRequests(Number(strings[1]), strings[2] === "storage" ? "storage" : "calls");
    }
    if (strings[0] === "in-doubt") throw new LedgerInDoubt("the ledger has lost keys");
    if (mustTellAgain) await tellAgain(onStep);
    return strings.slice(0, -4);
  };

  /** Does not throw LedgerUnavailable: the call that noticed the rollback has been executed. The next one tries again. */
  const tellAgain = async (onStep: Principal["onStep"]) => {
    mustTellAgain = false;
    try {
      for (const settlements of witness.acceptances())
        await runAs(undefined, onStep, "advance", { settlements });
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      mustTellAgain = true;
    }
  };

  const runsFor: Connection["runsFor"] = ({ caller, onStep }) => {
    let notYetCounted = caller;
    return {
      run: (which, input) => runAs(undefined, onStep, which, input),
      limited: (which, input) => {
        const counted = notYetCounted;
        notYetCounted = undefined;
        return runAs(counted, onStep, which, input);
      },
    };
  };

  return { runsFor, command, witness };
}

const stepsReply = z.array(
  z.object({
    purgeId: z.string(),
    actor: z.string(),
    state: z.enum(purgeStates),
    by: z.string(),
    note: z.string(),
  }),
);

const flatReply = z.array(z.string());

function policyOfScripts(policy: LedgerPolicy, keys: LedgerKeys) {
  return {
    schema,
    families: keys.families,
    quota: policy.quota,
    margin: policy.margin,
    resendUnknown: policy.resendUnknown,
    refusedCosts: policy.refusedCosts,
    retentionDays: policy.retentionDays,
    doubtsThatOpen,
    mostSending,
    repeatLimit: policy.repeatLimit === "off" ? undefined : policy.repeatLimit,
    storage: policy.callerStorage,
    rates: {
      send: policy.sendRate === "off" ? undefined : policy.sendRate,
      poll: policy.pollRate === "off" ? undefined : policy.pollRate,
    },
    timings,
    transitions,
  };
}

/** Replaces lone surrogates: Redis' JSON reader refuses a whole call because of one. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}
