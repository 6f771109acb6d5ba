import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { type Figure, information, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const mostOfAPurge = 50;
const mostWithACheck = 1.3;

/** The commands that Upstash would bill: for a submission, for a purge until Completed, and until it is checked. */
export async function redisCommands(bench: Workbench): Promise<readonly Figure[]> {
  const counting = bench.kind === "redis-server" ? "with those in scripts" : "without those in scripts";
  const { call } = bench.serve();
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

  // A purge takes effect after the reading beside its send, as at ImageKit.
  bench.imagekit.control.change({ pendingMs: 3_000 });
  const unchecked = await commandsOfASingle(bench, false);
  const checked = await commandsOfASingle(bench, true);
  bench.imagekit.control.change({ pendingMs: 0 });
  const ratio = checked / unchecked;

  return [
    information(`Redis commands: submit of 1 / 20 / 100 URLs, ${counting}`, `${one} / ${wave} / ${hundred}`),
    withTarget(
      "Redis commands: a purge of its own batch, until Completed",
      unchecked.toFixed(1),
      `<= ${mostOfAPurge}`,
      unchecked <= mostOfAPurge,
    ),
    withTarget(
      "Redis commands: the same with an edge check, until it is checked",
      `${checked.toFixed(1)}: ${ratio.toFixed(2)} x`,
      `<= ${mostWithACheck} x`,
      ratio <= mostWithACheck,
    ),
  ];
}

/** Of purges that are each submitted alone, and then swept together until Completed, and until checked if they are. */
async function commandsOfASingle(bench: Workbench, check: boolean): Promise<number> {
  const { services, call } = bench.serve();
  const { clock } = services;
  const singles = 50;
  const sweepOnce = async () => {
    await clock.sleep(5_100);
    return sweepLedger(services, { deadlineMs: clock.monotonicMs() + 25_000 });
  };
  // Everything sent so far is finished before the count begins.
  await sweepOnce();
  await bench.bridge.resetCounts();
  for (let i = 0; i < singles; i++)
    await call("/api/purges", { urls: shopUrls(1, `single-${check}-${i}`), check });
  const completed = await sweepOnce();
  if (completed["poll-completed"] !== singles) throw new Error(`not completed: ${JSON.stringify(completed)}`);
  if (check) {
    const report = await sweepOnce();
    if (report["check-renewed"] !== singles) throw new Error(`not checked: ${JSON.stringify(report)}`);
  }
  return (await bench.commands()) / singles;
}
