import { sweep } from "../../src/use-cases/sweep.ts";
import { type Figure, information, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const mostOfAPurge = 50;

/** The commands that Upstash would bill: for a submission, and for a purge until Completed. */
export async function redisCommands(bench: Workbench): Promise<readonly Figure[]> {
  const counting = bench.kind === "redis-server" ? "with those in scripts" : "without those in scripts";
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

  return [
    information(`Redis commands: submit of 1 / 20 / 100 URLs, ${counting}`, `${one} / ${wave} / ${hundred}`),
    withTarget(
      "Redis commands: a purge of its own batch, until Completed",
      completed.toFixed(1),
      `<= ${mostOfAPurge}`,
      completed <= mostOfAPurge,
    ),
  ];
}
