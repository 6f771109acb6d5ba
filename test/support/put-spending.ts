import type { Redis } from "ioredis";
import { type Period, periodsAround } from "../../src/ledger/periods.ts";

const dayMs = 86_400_000;

/** The day of the month on which a period must begin to be this many days old at an instant. */
export function resetDayBefore(now: number, days: number): string {
  return String(new Date(now - days * dayMs).getUTCDate());
}

/**
 * Writes a month as it would be after these units were sent: units for each day, oldest first, ending today, all by one
 * actor unless others are named. The ledger is a year old, so that no earlier day is unknown. What an instance remembers of
 * a ledger before it is accounted for, so that this one is not taken for a rollback of that.
 */
export async function putSpending(
  redis: Redis,
  spending: {
    readonly ledger: string;
    readonly resetDay: string;
    readonly now: number;
    readonly days: readonly number[];
    readonly actors?: Readonly<Record<string, number>>;
  },
): Promise<Period> {
  const { ledger, now, days } = spending;
  const [, period] = periodsAround(now, { timeZone: "UTC", resetDay: Number(spending.resetDay) });
  if (period === undefined) throw new Error("there is always a period in force");
  const { month, startsAt, endsAt } = period;
  const spent = days.reduce((sum, units) => sum + units, 0);
  const { actors = { storefront: spent } } = spending;
  const today = Math.floor(now / dayMs);
  const key = (rest: string) => `${ledger}:1:${rest}`;
  await redis.hset(`${ledger}:ledger`, {
    schema: 1,
    createdAt: startsAt - 365 * dayMs,
    accountedFor: endsAt,
  });
  await redis.hset(key("budget"), { month, startsAt, endsAt });
  await redis.hset(key(`month:${startsAt}`), {
    month,
    startsAt,
    endsAt,
    spent,
    ...Object.fromEntries(days.map((units, index) => [`day:${today - days.length + 1 + index}`, units])),
    ...Object.fromEntries(Object.entries(actors).map(([name, units]) => [`actor:${name}`, units])),
  });
  return period;
}
