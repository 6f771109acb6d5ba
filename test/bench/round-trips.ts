import * as z from "zod";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { type Figure, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const batch = z.object({ id: z.string(), purges: z.array(z.object({ id: z.string(), state: z.string() })) });

/** Requests to Redis made by everyday calls, counted at the bridge. */
export async function roundTrips(bench: Workbench): Promise<readonly Figure[]> {
  await bench.clear();
  const { services, call } = bench.serve();
  const submit = async (count: number, series: string) =>
    batch.parse(await (await call("/api/purges", { urls: shopUrls(count, series) })).json());

  /** Counts the second call: the first one also loads a script into Redis. */
  const counted = async (what: string, target: number, work: (series: string) => Promise<unknown>) => {
    await work("first");
    await bench.bridge.resetCounts();
    await work("second");
    const { roundTrips } = bench.bridge.counts();
    return withTarget(`Redis round trips: ${what}`, String(roundTrips), `${target}`, roundTrips === target);
  };
  const figures: Figure[] = [];
  figures.push(await counted("submit of one wave (20 URLs)", 2, (series) => submit(20, `wave-${series}`)));
  figures.push(await counted("submit of 1 URL", 2, (series) => submit(1, `single-${series}`)));
  const images = (series: string) => ({
    images: [`/catalog/${series}/red.jpg`, `/catalog/${series}/blue.jpg`],
  });
  figures.push(await counted("submit of images", 3, (series) => call("/api/purges", images(series))));
  const { id, purges } = await submit(1, "read");
  figures.push(await counted("read of a purge", 1, () => call(`/api/purges/${purges[0]?.id}`)));
  figures.push(await counted("read of a batch", 1, () => call(`/api/batches/${id}`)));
  figures.push(await counted("plan of 100 lines", 1, () => call("/api/plan", { urls: shopUrls(100) })));
  await bench.raw.flushall();
  const deadlineMs = services.clock.monotonicMs() + 25_000;
  figures.push(await counted("idle sweep", 1, () => sweepLedger(services, { deadlineMs })));
  return figures;
}
