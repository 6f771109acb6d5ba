import * as z from "zod/mini";
import type { PurgeState } from "../domain/purge.ts";
import { purgeStates } from "../domain/purge.ts";
import { ledgerAlarms, paceAlarms } from "./alarms.ts";
import type { LedgerHealth, Pace } from "./contract.ts";
import { shownOnly } from "./parse-purge.ts";
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
const toBeRaised = z.pipe(
  z.string(),
  z.transform((text) =>
    z
      .object({ damaged: z.optional(z.array(z.string())), wentBack: z.optional(z.boolean()) })
      .parse(JSON.parse(text)),
  ),
);
const healthReply = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  toBeRaised,
  z.string(),
  z.string(),
  z.string(),
  hash,
  hash,
  hash,
  hash,
]);
const repetition = shownOnly(z.object({ at: z.number(), actor: z.string(), url: z.string() }));
const unchangedInARow = shownOnly(z.object({ inARow: z.number(), since: z.number() }));
const heartbeatAt = shownOnly(z.number());
const ledgerFacts = z.object({
  now: z.number(),
  ledgerCreatedAt: z.optional(z.number()),
  externalStated: z.boolean(),
  startsAt: z.number(),
});

export async function health(run: RunScript): Promise<LedgerHealth> {
  const [, ...reply] = await run("health", {});
  const [budget, heartbeat, lost, seen, scheduled, repeating, row, open, send, poll, stored] =
    healthReply.parse(reply);
  const facts = ledgerFacts.parse(JSON.parse(budget));
  const paces = { send: paceOf(send, facts.now), poll: paceOf(poll, facts.now) };
  return {
    now: facts.now,
    budget: parseBudget(budget),
    createdAt: facts.ledgerCreatedAt,
    externalStated: facts.externalStated,
    firstMonth: facts.ledgerCreatedAt === undefined || facts.ledgerCreatedAt >= facts.startsAt,
    open: openByState(open),
    sweptAt: heartbeatAt.parse(heartbeat),
    ...paces,
    scheduled: Number(scheduled),
    repeating: repetition.parse(repeating),
    unchanged: unchangedInARow.parse(row) ?? { inARow: 0 },
    alarms: [
      ...ledgerAlarms(stored, {
        now: facts.now,
        unstored: [
          ...(lost === "1" ? [{ code: "ledger-lost" }] : []),
          ...(seen.damaged ? [{ code: "ledger-damaged", keys: seen.damaged }] : []),
          ...(seen.wentBack ? [{ code: "ledger-rolled-back" }] : []),
          ...purgeAlarmsIn(open).map((code) => ({ code })),
        ],
      }),
      ...paceAlarms("send", send, paces.send, facts.now),
      ...paceAlarms("poll", poll, paces.poll, facts.now),
    ],
  };
}

/** Alarms that open purges cause, whether or not the stored list of alarms still has them. */
function purgeAlarmsIn(open: ReadonlyMap<string, string>): readonly string[] {
  return [...open].flatMap(([field, count]) =>
    field.startsWith("alarm:") && Number(count) > 0 ? [field.slice("alarm:".length)] : [],
  );
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
