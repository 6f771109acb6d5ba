import type { Services } from "../../src/services.ts";
import { type Submission, submitPurges } from "../../src/use-cases/submit-purges.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { ledgerAt } from "../support/ledger-at.ts";
import { type Figure, withTarget } from "./figure.ts";
import { idleTime } from "./idle-time.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const hoursOfAMonth = 30 * 24;
/** Back-offs and rests have reached their longest by then: a month is these hours, and then more of the next ones. */
const settlingHours = 2;
/** Within this an empty lane is looked at once. */
const measuredHours = 6;

/** What a month may cost in which nothing can be done. */
const idleCommands = 60_000;
/** What a month may cost that is spent waiting for one thing. */
const mostCommands = 300_000;
const dayMs = 86_400_000;

type Pattern = {
  readonly what: string;
  readonly most: number;
  /** Why it may cost more than `mostCommands`. */
  readonly because?: string;
  readonly before?: (month: Month) => Promise<unknown>;
  /** Before the sweep of each minute. */
  readonly eachMinute?: (month: Month, minute: number) => Promise<unknown>;
};

const rateLimited = { endpoint: "send", kind: 429, times: "forever", resetMs: 1_000 } as const;

const patterns: readonly Pattern[] = [
  { what: "nothing to do", most: idleCommands },
  {
    what: "one purge scheduled for the month's end",
    most: idleCommands,
    before: (month) => month.submit(1, { sendAfter: month.services.clock.now() + 29 * dayMs }),
  },
  {
    what: "429 all the time, one purge queued",
    most: mostCommands,
    before: async (month) => {
      month.imagekit.addFaults(rateLimited);
      await month.submit(1);
    },
  },
  {
    what: "429 all the time, a hundred queued",
    most: mostCommands,
    before: async (month) => {
      month.imagekit.addFaults(rateLimited);
      await month.submit(100);
    },
  },
  {
    what: "401 all the time, one purge queued",
    most: mostCommands,
    before: async (month) => {
      month.imagekit.addFaults({ endpoint: "send", kind: 401, times: "forever" });
      await month.submit(1);
    },
  },
  {
    what: "answers that are not documented, one purge queued",
    most: mostCommands,
    before: async (month) => {
      month.imagekit.addFaults({ endpoint: "send", kind: 402, times: "forever" });
      await month.submit(1);
    },
  },
  {
    what: "ImageKit unreachable, one purge queued",
    most: mostCommands,
    before: async (month) => {
      month.refuseConnections();
      await month.submit(1);
    },
  },
  {
    what: "one purge overdue",
    most: mostCommands,
    before: async (month) => {
      month.imagekit.change({ pendingMs: 86_400_000 });
      await month.submit(1);
    },
  },
  {
    what: "one purge held",
    most: mostCommands,
    before: async (month) => {
      await month.spendElsewhere();
      await month.submit(1, { onExhausted: "hold" });
    },
  },
  {
    what: "one purge a minute",
    most: 43_200 * 100,
    because: "43,200 purges of a batch each, at 100",
    eachMinute: (month) => month.submit(1),
  },
  {
    what: "one purge a minute, each with an edge check",
    most: 43_200 * 130,
    because: "43,200 purges of a batch each, at 130",
    eachMinute: (month) => month.submit(1, { check: true }),
  },
];

/** Commands that Upstash would bill for a month of minutely sweeps, by what there is to wait for. */
export async function months(bench: Workbench): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const pattern of patterns) {
    const commands = await commandsOfAMonth(bench, pattern);

    const { what, most, because } = pattern;
    const target = because === undefined ? `< ${most}` : `< ${most} (${because})`;
    figures.push(
      withTarget(`Redis commands of a month: ${what}`, commands.toFixed(0), target, commands < most),
    );
  }
  return figures;
}

type Month = Awaited<ReturnType<typeof aMonth>>;

async function commandsOfAMonth(bench: Workbench, { before, eachMinute }: Pattern): Promise<number> {
  await bench.clear();
  const month = aMonth(bench);
  await before?.(month);
  await bench.bridge.resetCounts();
  const hours = async (count: number) => {
    const from = await executed(bench);
    for (let minute = 0; minute < count * 60; minute++) {
      month.nextMinute();
      await eachMinute?.(month, minute);
      await sweepLedger(month.services, { deadlineMs: month.services.clock.monotonicMs() + 28_000 });
    }
    return (await executed(bench)) - from;
  };
  const settling = await hours(settlingHours);
  const measured = await hours(measuredHours);
  return settling + (measured / measuredHours) * (hoursOfAMonth - settlingHours);
}

/** Scripts that are information the time do not ask Redis for it, as they otherwise would once each. */
async function executed(bench: Workbench): Promise<number> {
  const counts = (await bench.bridge.serverCounts()) ?? bench.bridge.counts().commands;
  const all = Object.values(counts).reduce((sum, calls) => sum + calls, 0);
  return all + (counts["EVALSHA"] ?? 0);
}

/** The service in a time of its own, which is the ledger's too. */
function aMonth(bench: Workbench) {
  const clock = idleTime(Date.UTC(2026, 10, 1));
  let refused = false;
  const { services } = bench.serve({
    clock,
    fetch: async (...request) => {
      if (refused) throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
      return fetch(...request);
    },
  });
  // With ImageKit's paces as they are by default.
  const paces = { sendRate: { perSecond: 5, burst: 20 }, pollRate: { perSecond: 40, burst: 100 } };
  const config = { ...services.config, policy: { ...services.config.policy, ...paces } };
  const ledger = ledgerAt(clock, { ...services, config });
  const own: Services = {
    ...services,
    ledger: {
      ...ledger,
      reserve: clock.busyWith(ledger.reserve),
      advance: clock.busyWith(ledger.advance),
      readBatch: clock.busyWith(ledger.readBatch),
    },
    imagekit: {
      purge: clock.busyWith(services.imagekit.purge),
      status: clock.busyWith(services.imagekit.status),
    },
    edge: {
      read: clock.busyWith(services.edge.read),
      readBefore: clock.busyWith(services.edge.readBefore),
    },
  };
  let submitted = 0;
  return {
    services: own,
    imagekit: bench.imagekit.control,
    nextMinute: clock.nextMinute,
    refuseConnections: () => {
      refused = true;
    },
    spendElsewhere: () => ledger.correct({ external: config.policy.quota, actor: "bench" }),
    submit: async (count: number, more: Partial<Submission> = {}) => {
      const urls = shopUrls(count, `month-${submitted++}`);
      const work: Promise<unknown>[] = [];
      const reply = await submitPurges(
        { ...own, background: (rest) => work.push(rest) },
        { name: "bench", scopes: ["purge"] },
        { urls, onInvalid: "reject", onExhausted: "reject", ...more },
        { deadlineMs: clock.monotonicMs() + 25_000 },
      );
      if (reply.outcome !== "accepted") throw new Error(`not accepted: ${reply.outcome}`);
      await Promise.all(work);
    },
  };
}
