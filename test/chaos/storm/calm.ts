import { ledgerName } from "../environment.ts";
import type { FastTime } from "../fast-time.ts";
import type { System } from "../system.ts";

/** More sweeps than any storm needs; purges still open after them are judged as they are. */
const mostRounds = 400;
/** After this many sweeps, purges that are due and do not move wait for a unit: go on to the turn of the month. */
const patientRounds = 60;
const minuteMs = 60_000;

/** Sweeps and moves the time to whatever is due next, until nothing is left that moves automatically. */
export async function untilQuiet({
  system,
  time,
  resendUnknown,
  sweep,
}: {
  readonly system: System;
  readonly time: FastTime;
  readonly resendUnknown: string;
  readonly sweep: () => Promise<void>;
}): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    await sweep();
    const dueAt = await nextDueAt(system, resendUnknown);
    if (dueAt === undefined) return;
    const isStuck = round % patientRounds === patientRounds - 1;
    const nextAt = isStuck ? Number(await system.raw.hget(`${ledgerName}:1:budget`, "endsAt")) : dueAt;
    // Purges that are due and did not move wait for a breaker's probe or a rate.
    time.jump(Math.max(3 * minuteMs, nextAt - time.now()));
  }
}

/** When something next happens automatically; purges that wait for an operator do not count. */
async function nextDueAt({ raw }: System, resendUnknown: string): Promise<number | undefined> {
  const key = (rest: string) => `${ledgerName}:1:${rest}`;
  const firstOf = async (queue: string) =>
    (await raw.zrange(key(queue), 0, 0, "WITHSCORES")).slice(1).map(Number);
  const scores = [...(await firstOf("send")), ...(await firstOf("poll")), ...(await firstOf("checks"))];
  if ((await raw.zcard(key("held"))) > 0) scores.push(Number(await raw.hget(key("budget"), "endsAt")));
  for (const id of await raw.zrange(key("settle"), 0, -1)) {
    const record = (await raw.get(key(`purge:${id}`))) ?? "";
    const isResent = resendUnknown === "once" && record.includes('"resendable":true');
    if (record.includes('"state":"unknown"') && !isResent) continue;
    scores.push(Number(await raw.zscore(key("settle"), id)));
  }
  return scores.length > 0 ? Math.min(...scores) : undefined;
}
