import * as z from "zod";
import { PurgeDeskError, purgeDesk } from "../client/client.ts";
import {
  type Config,
  type ConfigReading,
  deploymentProblems,
  type Environment,
  readConfig,
} from "../config.ts";
import { type Clock, systemClock } from "../domain/time.ts";
import { LedgerUnavailable } from "../ledger/contract.ts";
import { ledgerKeys } from "../ledger/keys.ts";
import { CannotStart } from "../local/cannot-start.ts";
import { readOnly } from "../local/inspect/read-only.ts";
import { createServices } from "../services.ts";
import { isOfDeployment, unknownSettings } from "../setting-names.ts";

export type Finding = {
  readonly name: "settings" | "ledger" | "clock" | "ImageKit" | "Purge Desk";
  /** `unavailable`: it could not be looked at. */
  readonly status: "ok" | "warn" | "fail" | "unavailable" | "left-out";
  readonly message: string;
};

/** A clock that is further from Redis' than this makes times in lists and logs confusing. */
const noticeableMs = 2_000;
/** A `changedAt` further ahead than this is refused. */
const farthestMs = 60_000;

const timeReply = z.tuple([z.coerce.number(), z.coerce.number()]);

/**
 * Looks at everything that a deployment with these settings needs: the settings, the ledger, this machine's clock, the key
 * at ImageKit, and the running service if PURGE_DESK_URL names one. Where the settings are only a caller's, it looks at the
 * service alone. Changes nothing and costs nothing.
 */
export async function diagnose(
  env: Environment,
  { now }: Pick<Clock, "now"> = systemClock,
): Promise<readonly Finding[]> {
  const { PURGE_DESK_URL, PURGE_DESK_TOKEN } = env;
  const desk = await lookAtDesk(env);
  if (PURGE_DESK_URL && PURGE_DESK_TOKEN && !isOfDeployment(env)) {
    const why = "only what a caller of Purge Desk needs is set here";
    return [
      { name: "settings", status: "left-out", message: `of a deployment: ${why}` },
      ...skipped(why),
      ...desk,
    ];
  }
  const reading = readConfig(env);
  const rest =
    "config" in reading
      ? [...(await lookAtLedger(reading.config, now)), await lookAtImageKit(reading.config)]
      : skipped("the settings must be right first");
  return [...lookAtSettings(env, reading), ...rest, ...desk];
}

function lookAtSettings(env: Environment, reading: ConfigReading): readonly Finding[] {
  const name = "settings";
  const failures = deploymentProblems(env, reading).map(
    (message) => ({ name, status: "fail", message }) as const,
  );
  const warnings = unknownSettings(env).map((message) => ({ name, status: "warn", message }) as const);
  if ("problems" in reading || failures.length > 0) return [...failures, ...warnings];
  const { endpoints, tokens } = reading.config;
  const message = `complete, for ${endpoints.length} URL endpoints and ${tokens.length} tokens`;
  return [{ name, status: "ok", message }, ...warnings];
}

function skipped(why: string): readonly Finding[] {
  const names = ["ledger", "clock", "ImageKit"] as const;
  return names.map((name) => ({ name, status: "left-out", message: `not looked at: ${why}` }));
}

async function lookAtLedger(config: Config, now: Clock["now"]): Promise<readonly Finding[]> {
  const { redis, ledgerName } = config;
  const [marker = ""] = ledgerKeys(ledgerName).all;
  try {
    const from = now();
    const [time, found] = await readOnly(redis)([["TIME"], ["HGETALL", marker]]);
    const clock = lookAtClock(timeReply.parse(time), from, now());
    const isThere = Array.isArray(found) && found.length > 0;
    if (!isThere) {
      const message = `Redis answers; it has no ledger "${ledgerName}" yet, which the first request makes`;
      return [{ name: "ledger", status: "ok", message }, clock];
    }
    const { alarms, budget } = await createServices(config).ledger.health();
    const left = `"${ledgerName}": ${budget.available} of ${budget.quota} units are left in ${budget.month}`;
    return [
      { name: "ledger", status: "ok", message: left },
      ...alarms.map(
        ({ code, message }) => ({ name: "ledger", status: "warn", message: `${code}: ${message}` }) as const,
      ),
      clock,
    ];
  } catch (error) {
    if (!(error instanceof CannotStart || error instanceof LedgerUnavailable)) throw error;
    const cause =
      error instanceof LedgerUnavailable && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return [{ name: "ledger", status: "unavailable", message: `${error.message}${cause}`.slice(0, 500) }];
  }
}

function lookAtClock([seconds, micros]: readonly [number, number], from: number, until: number): Finding {
  const redisMs = seconds * 1000 + micros / 1000;
  // Redis read its clock at some time in between.
  const offMs = Math.round(redisMs < from ? from - redisMs : Math.max(0, redisMs - until));
  const where = redisMs < from ? "ahead of" : "behind";
  if (offMs <= noticeableMs) return { name: "clock", status: "ok", message: "agrees with Redis' clock" };
  const message = `this machine is ${(offMs / 1000).toFixed(1)} s ${where} Redis`;
  return { name: "clock", status: offMs > farthestMs ? "fail" : "warn", message };
}

/** Asks for the status of a purge that does not exist: only a key that is accepted learns that. */
async function lookAtImageKit(config: Config): Promise<Finding> {
  const name = "ImageKit";
  const answer = await createServices(config).imagekit.status("0".repeat(24));
  const where = config.imagekit.kind === "simulated" ? " (a simulator)" : "";
  switch (answer.outcome) {
    case "unknown-id":
    case "pending":
    case "completed":
      return { name, status: "ok", message: `accepts the key${where}` };
    case "unauthorized":
      return { name, status: "fail", message: `refuses the key: ${answer.status} ${answer.message}` };
    case "throttled":
    case "unexpected":
    case "unreachable":
    case "failed":
      return { name, status: "unavailable", message: `${answer.outcome}: ${answer.message}` };
  }
}

async function lookAtDesk({
  PURGE_DESK_URL,
  PURGE_DESK_TOKEN = "",
}: Environment): Promise<readonly Finding[]> {
  const name = "Purge Desk";
  if (PURGE_DESK_URL === undefined) {
    return [{ name, status: "left-out", message: "not asked: PURGE_DESK_URL is not set" }];
  }
  try {
    const desk = purgeDesk({ url: PURGE_DESK_URL, token: PURGE_DESK_TOKEN, retryForMs: 0 });
    const { available } = await desk.budget();
    return [{ name, status: "ok", message: `answers, and knows the token; ${available} units are left` }];
  } catch (error) {
    if (!(error instanceof PurgeDeskError)) throw error;
    const status = error.code === "unreachable" || error.status === 503 ? "unavailable" : "fail";
    return [{ name, status, message: `${error.code}: ${error.message}` }];
  }
}
