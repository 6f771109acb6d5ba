import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { type Figure, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const purges = 1_000;
const pollMs = 150;
const runMs = 25_000;

/** One sweep over 1,000 pending purges; each poll takes 150 ms and answers Completed. */
export async function sweeping(bench: Workbench): Promise<readonly Figure[]> {
  await bench.clear();
  const { services, call } = bench.serve();
  for (let i = 0; i < purges / 100; i++) await call("/api/purges", { urls: shopUrls(100, `sweep-${i}`) });
  // The first status check is due 5 s after acceptance.
  await services.clock.sleep(5_100);
  bench.imagekit.control.change({ latencyMs: pollMs });

  const beganMs = performance.now();
  const report = await sweepLedger(services, { deadlineMs: services.clock.monotonicMs() + runMs });
  const tookMs = performance.now() - beganMs;
  const completed = report["poll-completed"] ?? 0;
  const ideal = (purges * pollMs) / 20 / 1_000;
  return [
    withTarget(
      `sweep of ${purges} pending purges at ${pollMs} ms a poll`,
      `${completed} completed in ${(tookMs / 1_000).toFixed(1)} s (20 at once: ${ideal} s at best)`,
      "all in one 25 s run",
      completed === purges && tookMs <= runMs,
    ),
  ];
}
