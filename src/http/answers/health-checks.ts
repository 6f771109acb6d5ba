import { type EpochMs, toIsoTime } from "../../domain/time.ts";
import type { LedgerHealth, Pace } from "../../ledger/contract.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { budgetCheck, countText } from "./budget-check.ts";
import { type Check, type CheckState, checkStates } from "./check.ts";

/** The heartbeat is written every 5 minutes, so several sweeps in a row are missing by then. */
const missingSweepMs = 10 * 60_000;
/** Until then a 429 is ordinary rate limiting. */
const longThrottleMs = 60 * 60_000;

/** `isFull`: Redis takes no new writes. */
type Seen = LedgerHealth & { readonly isFull?: boolean };

/** Every check on the ledger's state, in the order in which a person would look. */
export function healthChecks(health: Seen): readonly Check[] {
  const { now, budget } = health;
  return [
    ok(
      "ledger",
      `answers; ${countText(budget.available)} of ${countText(budget.quota)} units are available until ${toIsoTime(budget.resetsAt)}`,
    ),
    ...(health.isFull === true ? [ledgerFull] : []),
    credentials("send-credentials", health.send),
    credentials("poll-credentials", health.poll),
    throttling("send-throttling", health.send, now),
    throttling("poll-throttling", health.poll, now),
    sweepCheck(health),
    counted("overdue", health.open.overdue, "not Completed after 15 minutes", {
      state: "warning",
      advice: "Send ImageKit the support text that each of these purges carries.",
    }),
    counted("unknown", health.open.unknown, "sent without a usable answer", {
      state: "warning",
      advice: "Each is resent once after a minute if a unit is free; otherwise resend or close it.",
    }),
    counted("held", health.open.held, "waiting for budget", {
      state: "warning",
      advice: `They go out when the month turns, ${toIsoTime(budget.resetsAt)}, or is raised; or cancel them.`,
    }),
    scheduledCheck(health),
    repeatingCheck(health),
    unchangedCheck(health),
    budgetCheck(budget),
    externalSpending(health),
    evictionCheck(health),
    ...health.alarms.map(
      ({ code, since, message }): Check => ({
        name: `alarm-${code}`,
        state: "alarm",
        seen: `since ${toIsoTime(since)}`,
        advice: message,
      }),
    ),
  ];
}

/** The only check when the ledger cannot be reached. */
export const ledgerAway: Check = {
  name: "ledger",
  state: "alarm",
  seen: "Redis cannot be reached",
  advice:
    "Check UPSTASH_REDIS_REST_URL and _TOKEN (REDIS_URL, if that is set) and Upstash's status. Until then nothing is sent.",
};

/** Reads go on, and what is under way is still written; nothing new is taken in. */
const ledgerFull: Check = {
  name: "ledger-memory",
  state: "alarm",
  seen: "Redis is full: no new purges are accepted",
  advice:
    "Raise the Redis plan's memory limit, or move other data out of this Redis; PURGE_RETENTION_DAYS says how long " +
    "ended purges are kept. Nothing accepted is lost, and what is under way goes on.",
};

/** The worst of the states. */
export function worstOf(checks: readonly Check[]): CheckState {
  return checkStates.findLast((state) => checks.some((check) => check.state === state)) ?? "ok";
}

function ok(name: string, seen: string): Check {
  return { name, state: "ok", seen, advice: null };
}

function credentials(name: string, { blockedBy, blockedSince, probeAt }: Pace): Check {
  if (blockedBy === undefined) return ok(name, "accepted");
  const since = blockedSince === undefined ? "" : ` since ${toIsoTime(blockedSince)}`;
  const probe = probeAt === undefined ? "" : ` Next try: ${toIsoTime(probeAt)}.`;
  return {
    name,
    state: "alarm",
    seen: `ImageKit answers ${blockedBy}${since}`,
    advice: `Check IMAGEKIT_PRIVATE_KEY and what the key may do (media access). Until then nothing is lost.${probe}`,
  };
}

function throttling(name: string, { throttledSince, notBefore }: Pace, now: EpochMs): Check {
  if (throttledSince === undefined) return ok(name, "not throttled");
  const pause = notBefore === undefined || notBefore <= now ? "" : `, pausing until ${toIsoTime(notBefore)}`;
  const seen = `429 since ${toIsoTime(throttledSince)}${pause}`;
  if (now - throttledSince < longThrottleMs) {
    return {
      name,
      state: "warning",
      seen,
      advice: "Nothing to do: the send rate follows what ImageKit asks for.",
    };
  }
  return {
    name,
    state: "alarm",
    seen,
    advice:
      "The quota was likely spent elsewhere: look at ImageKit's dashboard and enter a correction of the budget.",
  };
}

function sweepCheck({ now, sweptAt, createdAt, isFull }: Seen): Check {
  const name = "sweep";
  const silentMs = now - (sweptAt ?? createdAt ?? now);
  const seen = sweptAt === undefined ? "no run yet" : `last known run ${toIsoTime(sweptAt)}`;
  if (silentMs < missingSweepMs) return ok(name, seen);
  if (isFull === true) return ok(name, `${seen}; while Redis is full, runs are not recorded`);
  return {
    name,
    state: "alarm",
    seen,
    advice:
      "See whether the scheduled function sweep runs (Netlify: Logs, Functions). If it is not marked as scheduled there, " +
      'its file must hold its config itself, as a literal: export const config = { schedule: "* * * * *" }. Until it ' +
      "runs, reading a batch moves it on.",
  };
}

function counted(
  name: string,
  found: number | undefined,
  what: string,
  otherwise: { readonly state: CheckState; readonly advice: string },
): Check {
  if (found === undefined || found === 0) return ok(name, "none");
  return { name, seen: `${countText(found)} ${what}`, ...otherwise };
}

/** Never a warning: scheduled purges wait because their callers want it so. */
function scheduledCheck({ scheduled }: LedgerHealth): Check {
  return ok("scheduled", scheduled === 0 ? "none" : `${countText(scheduled)} waiting for their send time`);
}

function repeatingCheck({ repeating }: LedgerHealth): Check {
  const name = "repeating";
  if (repeating === undefined) return ok(name, "no caller repeats a purge too often");
  const { at, actor, url } = repeating;
  return {
    name,
    state: "warning",
    seen: `${actor} was refused another purge of ${maskSignature(url)} at ${toIsoTime(at)}`,
    advice:
      "Look for a loop in the code that uses this token: usually a hook that runs on every save, and saves the image " +
      "again after purging it. If the caller does need this many purges, raise PURGE_REPEAT_LIMIT.",
  };
}

/** A few are ordinary: an editor who saves an image as it was. More in a row have one cause. */
const manyUnchanged = 5;

function unchangedCheck({ unchanged }: LedgerHealth): Check {
  const name = "unchanged";
  const { inARow, since } = unchanged;
  if (inARow === 0) return ok(name, "none");
  if (inARow < manyUnchanged) return ok(name, `${inARow} in a row, which may be chance`);
  const begin = since === undefined ? "" : `, since ${toIsoTime(since)}`;
  return {
    name,
    state: "warning",
    seen: `the last ${countText(inARow)} images were the same after their purge as before it${begin}`,
    advice:
      "Purges probably run before uploads: call Purge Desk after ImageKit has confirmed the upload. The list with " +
      "edge=unchanged shows them. It ends with the next new image that is served.",
  };
}

function evictionCheck({ eviction }: LedgerHealth): Check {
  const name = "eviction";
  if (eviction === undefined) {
    return ok(name, "Redis does not say what it does when its memory is full; eviction must be off");
  }
  if (eviction === "noeviction") return ok(name, "off: a full Redis refuses writes and loses nothing");
  return {
    name,
    state: "warning",
    seen: `Redis drops keys when its memory is full (maxmemory-policy ${eviction})`,
    advice:
      "Turn eviction off (Upstash: the database's Configuration): the budget and open purges would be lost.",
  };
}

function externalSpending({ externalStated, firstMonth, budget }: LedgerHealth): Check {
  const name = "external-spending";
  const seen = `${countText(budget.external)} units spent elsewhere in ${budget.month}`;
  if (externalStated) return ok(name, `${seen}, as stated`);
  if (!firstMonth) return ok(name, `${seen}; nothing was stated`);
  return {
    name,
    state: "warning",
    seen: "nothing was stated, and what was spent before this ledger began is not known",
    advice: "Look the month's purges up in ImageKit's dashboard and enter a correction; 0 counts.",
  };
}
