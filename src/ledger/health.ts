import * as z from "zod/mini";
import type { PurgeState } from "../purge.ts";
import { purgeStates } from "../purge.ts";
import { toIsoTime } from "../time.ts";
import type { Alarm, LedgerHealth, Pace } from "./contract.ts";
import { doubtsThatClose } from "./policy.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";
import { timings } from "./timings.ts";

const hash = z.pipe(
  z.string(),
  z.transform((text) => {
    const list = z.array(z.string()).parse(JSON.parse(text));
    return new Map(list.flatMap((field, i) => (i % 2 === 0 ? [[field, list[i + 1] ?? ""] as const] : [])));
  }),
);
const healthReply = z.tuple([z.string(), z.string(), z.string(), hash, hash, hash, hash]);
const ledgerFacts = z.object({
  now: z.number(),
  ledgerCreatedAt: z.optional(z.number()),
  externalStated: z.boolean(),
  startsAt: z.number(),
});

export async function health(run: RunScript): Promise<LedgerHealth> {
  const [, ...reply] = await run("health", {});
  const [budget, heartbeat, lost, open, send, poll, stored] = healthReply.parse(reply);
  const facts = ledgerFacts.parse(JSON.parse(budget));
  const paces = { send: paceOf(send, facts.now), poll: paceOf(poll, facts.now) };
  return {
    now: facts.now,
    budget: parseBudget(budget),
    createdAt: facts.ledgerCreatedAt,
    externalStated: facts.externalStated,
    firstMonth: facts.ledgerCreatedAt === undefined || facts.ledgerCreatedAt >= facts.startsAt,
    open: openByState(open),
    sweptAt: heartbeat === "" ? undefined : Number(heartbeat),
    ...paces,
    alarms: [
      ...(lost === "1" && !stored.has("ledger-lost") ? [storedAlarm("ledger-lost", facts.now)] : []),
      ...[...stored].map(([code, json]) => storedAlarm(code, since.parse(JSON.parse(json)).since)),
      ...paceAlarms("send", send, paces.send, facts.now),
      ...paceAlarms("poll", poll, paces.poll, facts.now),
    ],
  };
}

const since = z.object({ since: z.number() });

const storedMessages: Readonly<Record<string, string>> = {
  "ledger-lost":
    "The ledger's database lost its content: what this month cost so far, and what was open, is gone. Look up the " +
    "purges of this month in ImageKit's dashboard and enter them as a correction; submit again what was open.",
  "resend-without-budget":
    "A purge whose outcome is unknown should be sent once more, but no unit is free for it. Raise the quota, or " +
    "close the purge (cancel it, where it is queued for that already).",
  abandoned:
    "A purge was given up: the answers to both of its sends were lost, or ImageKit did not say Completed within 24 hours. " +
    "The image may still be stale. See the requests in state abandoned: submit again what still matters, then close " +
    "each; the alarm ends with the last.",
  "unknown-not-resent":
    "What became of a purge is not known, and it is not sent once more by itself. Look it up in ImageKit's " +
    "dashboard; then resend it, for one more unit, or close it.",
};

function storedAlarm(code: string, at: number): Alarm {
  return { code, since: at, message: storedMessages[code] ?? code };
}

const hourMs = 3_600_000;

function paceAlarms(
  endpoint: "send" | "poll",
  fields: ReadonlyMap<string, string>,
  pace: Pace,
  now: number,
): readonly Alarm[] {
  const what = endpoint === "send" ? "purge" : "purge status";
  const alarms: Alarm[] = [];
  if (pace.blockedBy !== undefined && pace.blockedSince !== undefined) {
    alarms.push({
      code: `credentials-${endpoint}`,
      since: pace.blockedSince,
      message:
        `ImageKit answers ${pace.blockedBy} to ${what} requests: check IMAGEKIT_PRIVATE_KEY, what the key may do ` +
        `(${endpoint === "send" ? "media access: read and write" : "media access: read"}), and the account. ` +
        `Nothing is lost. Next try: ${toIsoTime(pace.probeAt ?? now)}.` +
        // What it answers when the quota is used up is undocumented: it may be this.
        (endpoint === "send"
          ? " Should its words in the purges' timelines speak of the quota, enter a correction."
          : ""),
    });
  }
  const doubtsSince = fields.get("doubtsSince");
  if (doubtsSince !== undefined && Number(fields.get("doubts")) >= doubtsThatClose) {
    alarms.push({
      code: `answers-lost-${endpoint}`,
      since: Number(doubtsSince),
      message:
        `ImageKit's answers to ${what} requests are lost, one after the other: each may have cost a unit. Only one ` +
        `is tried every few minutes, the next at ${toIsoTime(pace.probeAt ?? now)}; all others wait. See ImageKit's ` +
        "status page.",
    });
  }
  if (pace.throttledSince !== undefined && now - pace.throttledSince >= hourMs) {
    alarms.push({
      code: `throttled-${endpoint}`,
      since: pace.throttledSince,
      message:
        endpoint === "send"
          ? "ImageKit has answered 429 for an hour. The likely cause: the month's quota was used up elsewhere " +
            "(dashboard, renames with purgeCache). Enter what was spent there as a correction; what does not fit " +
            "is then held until the month turns."
          : "ImageKit has answered 429 to purge status requests for an hour: lower PURGE_POLL_RATE.",
    });
  }
  const trouble = fields.get("trouble");
  const troubleSince = fields.get("troubleSince");
  if (trouble !== undefined && troubleSince !== undefined) {
    const unreachable = fields.get("troubleCode") === "unreachable";
    alarms.push({
      code: `${unreachable ? "unreachable" : "unexpected-answer"}-${endpoint}`,
      since: Number(troubleSince),
      message: unreachable
        ? `ImageKit cannot be reached for ${what} requests: ${trouble}`
        : `ImageKit answered a ${what} request with what it does not document: "${trouble}". It is tried again. ` +
          "If it says that the quota is used up, enter what was spent elsewhere as a correction.",
    });
  }
  return alarms;
}

function paceOf(fields: ReadonlyMap<string, string>, now: number): Pace {
  const number = (field: string) => {
    const value = fields.get(field);
    return value === undefined ? undefined : Number(value);
  };
  const notBefore = number("notBefore");
  const isThrottled = notBefore === undefined || now - notBefore < timings.throttleLullMs;
  return {
    notBefore,
    throttledSince: isThrottled ? number("throttledSince") : undefined,
    blockedBy: number("blockedBy"),
    blockedSince: number("blockedSince"),
    probeAt: number("probeAt"),
  };
}

function openByState(counts: ReadonlyMap<string, string>): LedgerHealth["open"] {
  const open: Partial<Record<PurgeState, number>> = {};
  for (const state of purgeStates) {
    const count = Number(counts.get(state) ?? 0);
    if (count !== 0) open[state] = count;
  }
  return open;
}
