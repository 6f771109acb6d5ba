import { systemClock } from "../../src/domain/time.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import { submitPurges } from "../../src/use-cases/submit-purges.ts";
import { sweep } from "../../src/use-cases/sweep.ts";
import { type Figure, information, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const minutesOfADay = 24 * 60;
const daysOfAMonth = 30;
const purgesOfAMonth = 1_000;
/** Upstash's free tier. */
const freeCommands = 500_000;

/** The commands that Upstash would bill: for an idle month, for a submission, and for a purge until Completed. */
export async function redisCommands(bench: Workbench): Promise<readonly Figure[]> {
  const counting = bench.kind === "redis-server" ? "with those in scripts" : "without those in scripts";
  const idle = (await idleDay(bench)) * daysOfAMonth;
  const waiting = (await waitingDay(bench)) * daysOfAMonth;

  const { services, call } = bench.serve();
  await bench.clear();
  // The very first one also creates the month's keys.
  await call("/api/purges", { urls: shopUrls(1, "first") });
  const submitted = async (count: number) => {
    await bench.bridge.resetCounts();
    await call("/api/purges", { urls: shopUrls(count, `count-${count}`) });
    return bench.commands();
  };
  const one = await submitted(1);
  const wave = await submitted(20);
  const hundred = await submitted(100);

  const singles = 50;
  // Everything sent so far is finished before the count begins.
  const sweepOnce = async () => {
    await services.clock.sleep(5_100);
    return sweep(services, { deadlineMs: services.clock.monotonicMs() + 25_000 });
  };
  await sweepOnce();
  await bench.bridge.resetCounts();
  for (const url of shopUrls(singles, "single")) await call("/api/purges", { urls: [url] });
  const report = await sweepOnce();
  if (report["poll-completed"] !== singles) throw new Error(`not all completed: ${JSON.stringify(report)}`);
  const completed = (await bench.commands()) / singles;

  const month = waiting + purgesOfAMonth * completed;
  return [
    withTarget(`Redis commands: idle month of sweeps, ${counting}`, `${idle}`, "< 60000", idle < 60_000),
    information("Redis commands: month of sweeps with a purge held all the time", `${waiting}`),
    information("Redis commands: submit of 1 / 20 / 100 URLs", `${one} / ${wave} / ${hundred}`),
    information("Redis commands: a purge of its own batch, until Completed", completed.toFixed(1)),
    withTarget(
      `Redis commands: that month of waiting and ${purgesOfAMonth} such purges`,
      month.toFixed(0),
      `< ${freeCommands} (Upstash's free tier)`,
      month < freeCommands,
    ),
  ];
}

/** Commands of a day of sweeps every minute with nothing to do, including the heartbeat every 5 minutes. */
async function idleDay(bench: Workbench): Promise<number> {
  await bench.clear();
  return daysSweeps(bench, aDay(bench));
}

/** The same while the month's budget is used up and a purge waits for the next. */
async function waitingDay(bench: Workbench): Promise<number> {
  await bench.clear();
  const day = aDay(bench);
  const { config, clock } = day.services;
  await day.services.ledger.correct({ external: config.policy.quota, actor: "bench" });
  const reply = await submitPurges(
    day.services,
    { name: "bench", scopes: ["purge"] },
    { urls: shopUrls(1, "held"), onInvalid: "reject", onExhausted: "hold" },
    { deadlineMs: clock.monotonicMs() + 25_000, background: () => undefined },
  );
  if (reply.outcome !== "accepted" || reply.batch.budget.held !== 1) throw new Error("it is not held");
  await bench.bridge.resetCounts();
  return daysSweeps(bench, day);
}

/** The service on its own day, with the same time for the ledger and the instance. */
function aDay(bench: Workbench) {
  const time = { now: Date.UTC(2026, 10, 23) };
  const clock = { ...systemClock, now: () => time.now };
  const { services } = bench.serve({ clock });
  const { redis, ledgerName, policy } = services.config;
  const makeId = () => services.makeId("o");
  const ledger = createLedger({ redis, name: ledgerName, policy, clock, makeId, now: clock.now });
  return { time, services: { ...services, ledger } };
}

async function daysSweeps(bench: Workbench, { time, services }: ReturnType<typeof aDay>): Promise<number> {
  for (let minute = 0; minute < minutesOfADay; minute++) {
    time.now += 60_000;
    await sweep(services, { deadlineMs: services.clock.monotonicMs() + 25_000 });
  }
  return bench.commands();
}
