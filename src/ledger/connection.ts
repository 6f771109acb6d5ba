import { Redis } from "@upstash/redis/cloudflare";
import * as z from "zod/mini";
import { purgeStates, transitions } from "../domain/purge.ts";
import { afterPendingIo, type Clock } from "../domain/time.ts";
import { LedgerFull, LedgerInDoubt, LedgerUnavailable, RequestTooLarge } from "./contract.ts";
import { type LedgerKeys, schema } from "./keys.ts";
import { periodsAround } from "./periods.ts";
import { doubtsThatClose, type LedgerPolicy, mostSending } from "./policy.ts";
import { CallerRateLimited, type Principal } from "./principal.ts";
import { hashOf, type RunScript, type ScriptName, sourceOf } from "./script.ts";
import { timings } from "./timings.ts";
import { createWitness, type Witness } from "./witness.ts";

/**
 * Each request to Redis may take this long. A call is rerun for as long as this after it began, and once in any case:
 * a reservation whose reply timed out has leased a wave, and only its rerun learns of it.
 */
const requestTimeoutMs = 3_000;
const rerunForMs = 2_000;
const rerunPausesMs = [25, 50, 100, 200, 400];

/** What the ledger asks of Redis. */
export type RedisCommands = Pick<Redis, "eval" | "evalsha" | "mget" | "scan" | "set">;

/**
 * Upstash takes requests of 1 MB. An input may be this long as it is sent, inside another JSON text; the rest is for
 * the script, the keys and the settings.
 */
const largestInputBytes = 1_000_000 - 64_000;

export type RedisAddress = { readonly url: string; readonly token: string };

/** What a ledger's calls need besides Redis. `now`: tests set the scripts' time; otherwise it is Redis' own. */
export type ConnectionOptions = {
  readonly redis: RedisAddress;
  readonly keys: LedgerKeys;
  readonly policy: LedgerPolicy;
  readonly clock: Clock;
  readonly now?: (() => number) | undefined;
};

export type Connection = {
  /** How scripts are run for a principal: `run` charges its caller nothing, `charged` one token for the first call. */
  readonly runsFor: (principal: Principal) => { readonly run: RunScript; readonly charged: RunScript };
  /** One plain command, rerun like a script. */
  readonly command: <T>(send: (redis: RedisCommands) => Promise<T>) => Promise<T>;
  readonly witness: Pick<Witness, "remember">;
};

/**
 * The Upstash client, with what it does by itself switched off: it would rerun without end in sight, parse replies
 * as JSON, and wait for ever (facts: Upstash, the client). Its entry for Cloudflare is the web-standard one; the
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
  /** When the ledger seen here began: should that change, its database was lost. */
  let knownSince: number | undefined;
  const witness = createWitness(clock);
  /** The ledger went back, and what this instance knows of ImageKit's answers is still to be told again. */
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
        // Redis refuses a script for memory before its first write; an attempt before this one may have been executed.
        if (isFull(cause)) throw new LedgerFull(attempt === 0 && cause.message.startsWith("OOM"), { cause });
        const pauseMs = rerunPausesMs[Math.min(attempt, rerunPausesMs.length - 1)] ?? 0;
        if (attempt > 0 && clock.monotonicMs() - begunMs + pauseMs > rerunForMs) {
          throw new LedgerUnavailable("Redis cannot be reached", { cause });
        }
        await clock.sleep(pauseMs);
      }
    }
  };

  /** Of a call that is rerun only the first attempt is charged: it may have been executed, and never is refused then. */
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
    let charged = caller;
    const execute = (despiteFull: boolean) =>
      command(async (client) => {
        const args = [policyArgument(charged, despiteFull), inputArgument];
        charged = undefined;
        try {
          return await client.evalsha(hashOf(which), allKeys, args);
        } catch (error) {
          if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
          return await client.eval(sourceOf(which), allKeys, args);
        }
      });
    const reply = await execute(false).catch((error: unknown) => {
      // A full Redis takes in nothing new; what is there already goes its way.
      if (!(error instanceof LedgerFull) || which === "reserve") throw error;
      return execute(true);
    });
    const strings = flatReply.parse(reply);
    const [steps = "", since = "", seen = "", wentBack = ""] = strings.slice(-4);
    // Another ledger than the one seen here so far: what was seen of that says nothing of this one.
    if (since !== "" && Number(since) !== knownSince) {
      knownSince = Number(since);
      witness.forget();
    }
    witness.see(seen);
    if (wentBack !== "") mustTellAgain = true;
    if (onStep && steps !== "") stepsReply.parse(JSON.parse(steps)).forEach(onStep);
    if (strings[0] === "rate-limited") {
      throw new CallerRateLimited(Number(strings[1]), strings[2] === "storage" ? "storage" : "calls");
    }
    if (strings[0] === "in-doubt") throw new LedgerInDoubt("the ledger has lost keys");
    if (mustTellAgain) await tellAgain(onStep);
    return strings.slice(0, -4);
  };

  /** Nothing is thrown: the call that noticed the rollback has been executed. The next one tries again. */
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
    let toCharge = caller;
    return {
      run: (which, input) => runAs(undefined, onStep, which, input),
      charged: (which, input) => {
        const charge = toCharge;
        toCharge = undefined;
        return runAs(charge, onStep, which, input);
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
    doubtsThatClose,
    mostSending,
    storage: policy.callerStorage,
    rates: {
      send: policy.sendRate === "off" ? undefined : policy.sendRate,
      poll: policy.pollRate === "off" ? undefined : policy.pollRate,
    },
    timings,
    transitions,
  };
}

/** Half a surrogate pair is no text: Redis' JSON reader refuses the whole call for it. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

/**
 * Our own scripts said no: a rerun would say the same. What Redis adds to its own troubles (out of memory, read-only
 * replica) names the script as well, so those are told apart by their first word.
 */
function isOwnRefusal(error: Error): boolean {
  if (
    isFull(error) ||
    /^(READONLY|MISCONF|NOREPLICAS|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/.test(error.message)
  ) {
    return false;
  }
  return /NEWERSCHEMA|NOPERIOD|FORBIDDEN|BADINPUT|user_script|WRONGTYPE/.test(error.message);
}

/** Redis' words for it, and Upstash's. */
function isFull({ message }: Error): boolean {
  return /^OOM\b|^ERR DB capacity quota exceeded/.test(message);
}

/**
 * The client puts the whole command, URLs included, into its messages; Redis quotes the start of an unknown one; and
 * what stands between may repeat anything. Only the words before the first bracket are kept. Where a script passed an
 * error on (lib/run.lua), Redis puts `ERR` before the error's own code.
 */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [words = ""] = message.split(/,? ?(?:command was|with args)|[[{<]/i);
  return words.replace(/^ERR (?=[A-Z]{3,} )/, "");
}

function withoutCommand(error: unknown): Error {
  return new Error(messageOf(error).slice(0, 300));
}
