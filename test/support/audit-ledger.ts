import type { Redis } from "ioredis";
import * as z from "zod";
import { isTerminal, purgeStates } from "../../src/domain/purge.ts";
import { mostSending } from "../../src/ledger/policy.ts";

const record = z.object({
  id: z.string(),
  state: z.enum(purgeStates),
  units: z.number(),
  attempts: z.number(),
  target: z.string(),
  sendAt: z.number().optional(),
  nextCheckAt: z.number().optional(),
  lease: z.string().optional(),
  dropInId: z.string().optional(),
  alarm: z.string().optional(),
  completedAt: z.number().optional(),
  edge: z.object({ outcome: z.string(), nextAt: z.number().optional() }).optional(),
  spentUnits: z.array(z.object({ month: z.number(), day: z.number() })).optional(),
  batches: z.union([
    z.array(z.object({ id: z.string(), actor: z.string() })),
    z.object({}).transform(() => []),
  ]),
  timeline: z
    .array(z.object({ state: z.enum(purgeStates) }))
    .min(1)
    .max(50),
});

const queueOf = {
  queued: "send",
  sending: "settle",
  unknown: "settle",
  pending: "poll",
  overdue: "poll",
  held: "held",
} as const;

/**
 * Recounts a ledger from its raw content, without any of its own code, and lists every disagreement. Each unit must be in
 * exactly one place, each open purge in the one queue of its state, and each figure equal to its recount.
 */
export async function auditLedger(redis: Redis, name: string): Promise<readonly string[]> {
  const key = (rest: string) => `${name}:1:${rest}`;
  const findings: string[] = [];
  const expectEqual = (what: string, seen: unknown, expected: unknown) => {
    if (JSON.stringify(seen) !== JSON.stringify(expected)) {
      findings.push(`${what}: ${JSON.stringify(seen)}, recounted ${JSON.stringify(expected)}`);
    }
  };

  const purgeKeys = await redis.keys(key("purge:*"));
  const texts = purgeKeys.length > 0 ? await redis.mget(purgeKeys) : [];
  const purges = texts.flatMap((text) => (text === null ? [] : [record.parse(JSON.parse(text))]));

  const reserved = purges.filter(({ state }) => state === "queued").length;
  expectEqual("reserved", Number((await redis.hget(key("budget"), "reserved")) ?? 0), reserved);

  const spent: Record<string, number> = {};
  for (const { spentUnits = [] } of purges) {
    for (const { month } of spentUnits) spent[month] = (spent[month] ?? 0) + 1;
  }
  for (const monthKey of await redis.keys(key("month:*"))) {
    const start = monthKey.split(":").at(-1) ?? "";
    const month = await redis.hgetall(monthKey);
    expectEqual(`spent of ${start}`, Number(month["spent"] ?? 0), spent[start] ?? 0);
    for (const prefix of ["day:", "actor:"]) {
      const sum = Object.entries(month)
        .filter(([field]) => field.startsWith(prefix))
        .reduce((total, [, units]) => total + Number(units), 0);
      expectEqual(`${prefix} sums of ${start}`, sum, spent[start] ?? 0);
    }
    expectEqual(`${monthKey} has a TTL`, (await redis.pttl(monthKey)) > 0, true);
  }

  for (const { id, state, units, alarm, spentUnits = [] } of purges) {
    expectEqual(`units of ${id} (${state})`, units, spentUnits.length + (state === "queued" ? 1 : 0));
    const isOver = isTerminal(state) && alarm === undefined;
    expectEqual(`${id} (${state}) expires`, (await redis.pttl(key(`purge:${id}`))) > 0, isOver);
    if (state === "sending" && !purges.find((purge) => purge.id === id)?.lease) {
      findings.push(`${id} is sending without a lease`);
    }
  }

  for (const { id, dropInId } of purges) {
    if (dropInId === undefined) continue;
    expectEqual(`the purge of ${dropInId}`, await redis.get(key(`drop-in:${dropInId}`)), id);
    const [ofKey, ofRecord] = await Promise.all(
      [`drop-in:${dropInId}`, `purge:${id}`].map((each) => redis.pttl(key(each))),
    );
    expectEqual(`${dropInId} expires`, (ofKey ?? 0) > 0, (ofRecord ?? 0) > 0);
  }

  // A queued purge is in one of two queues, and due in neither before its time.
  const scheduled = await redis.zrange(key("scheduled"), 0, -1, "WITHSCORES");
  const scores = new Map(
    scheduled.flatMap((id, i) => (i % 2 === 0 ? [[id, scheduled[i + 1]] as const] : [])),
  );
  expectEqual("wake", (await redis.get(key("wake"))) ?? undefined, scheduled[1]);
  for (const [id, score] of scores) {
    const purge = purges.find((each) => each.id === id);
    expectEqual(`${id} in scheduled`, [purge?.state, purge?.nextCheckAt], ["queued", Number(score)]);
  }
  for (const { id, state, sendAt = 0, nextCheckAt = 0 } of purges) {
    if (state === "queued" && nextCheckAt < sendAt) findings.push(`${id} is due before it may be sent`);
  }

  for (const queue of ["send", "settle", "poll", "held"] as const) {
    const members = await redis.zrange(key(queue), 0, -1);
    const expected = purges
      .filter(({ state }) => !isTerminal(state) && queueIn(state) === queue)
      .filter(({ id }) => queue !== "send" || !scores.has(id));
    expectEqual(`queue ${queue}`, members.sort(), expected.map(({ id }) => id).sort());
  }

  // Completed purges whose check is not decided, and those whose alarm about a stale copy lasts.
  const checks = await redis.zrange(key("checks"), 0, -1);
  const checked = purges.filter(
    ({ state, edge, alarm }) => (state === "completed" && edge?.outcome === "waiting") || alarm === "stale",
  );
  expectEqual("queue checks", checks.sort(), checked.map(({ id }) => id).sort());
  for (const { id, state, edge } of purges) {
    const isUndecided = state === "completed" && edge?.outcome === "waiting";
    expectEqual(`${id} has a next check`, edge?.nextAt !== undefined, isUndecided);
    if (isTerminal(state) && state !== "completed")
      expectEqual(`edge check of ${id} (${state})`, edge, undefined);
  }

  const open: Record<string, number> = {};
  for (const { state } of purges) if (!isTerminal(state)) open[state] = (open[state] ?? 0) + 1;
  const counts = await redis.hgetall(key("open"));
  for (const state of purgeStates) {
    expectEqual(`open ${state}`, Number(counts[state] ?? 0), open[state] ?? 0);
  }

  if ((open["sending"] ?? 0) > mostSending) findings.push(`${open["sending"]} are leased at once`);

  const alarms = await redis.hgetall(key("alarms"));
  for (const code of ["abandoned", "resend-without-budget", "stale", "unknown-not-resent"]) {
    const reasons = purges.filter(({ alarm }) => alarm === code).length;
    expectEqual(`reasons of the alarm ${code}`, Number(counts[`alarm:${code}`] ?? 0), reasons);
    expectEqual(`alarm ${code} is raised`, code in alarms, reasons > 0);
  }

  const waiting = new Map<string, string[]>();
  for (const { id, state, batches } of purges) {
    if (isTerminal(state)) continue;
    for (const batch of batches) waiting.set(batch.id, [...(waiting.get(batch.id) ?? []), id]);
  }
  for (const batchKey of await redis.keys(key("batch:*"))) {
    const id = batchKey.slice(key("batch:").length);
    const members = await redis.smembers(key(`waiting:${id}`));
    expectEqual(`waiting of ${id}`, members.sort(), (waiting.get(id) ?? []).sort());
    expectEqual(`batch ${id} expires`, (await redis.pttl(batchKey)) > 0, !waiting.has(id));
  }

  // A lane never rests past the time at which something in it is due, unless a breaker or a 429 lets nothing through.
  for (const [lane, queues] of [
    ["send", ["send", "settle"]],
    ["poll", ["poll"]],
    ["check", ["checks"]],
  ] as const) {
    const restUntil = Number((await redis.get(key(`rest:${lane}`))) ?? 0);
    // Nothing closes the lane of checks.
    const pace =
      lane === "check"
        ? []
        : await redis.hmget(key(`pace:${lane}`), "blockedBy", "doubts", "probeAt", "notBefore");
    const isClosed = pace.slice(0, 2).some(Boolean);
    const passableAt = Math.max(0, ...pace.slice(isClosed ? 2 : 3).map(Number));
    for (const queue of queues) {
      const [id, dueAt] = await redis.zrange(key(queue), 0, 0, "WITHSCORES");
      if (id === undefined) continue;
      const possibleAt = queue === "settle" ? Number(dueAt) : Math.max(Number(dueAt), passableAt);
      if (restUntil > possibleAt) findings.push(`${lane} rests beyond ${id}, due at ${dueAt}`);
    }
  }

  // Only where nothing at all waits may a lane rest for hours.
  const isHolding = (await redis.zcard(key("held"))) > 0;
  if (isHolding && (await redis.pttl(key("rest:send"))) > 15 * 60_000)
    findings.push("rests for hours beside held purges");

  const index = await redis.zrange(key("index"), 0, -1);
  expectEqual("index", index.sort(), purges.map(({ id }) => id).sort());
  return findings;
}

function queueIn(state: (typeof purgeStates)[number]): string | undefined {
  return Object.entries(queueOf).find(([queued]) => queued === state)?.[1];
}
