/**
 * `npm run load -- --seconds 60`: one real server process on a real redis-server, over 20,000 and over 100,000
 * stored purges, then more than it can bear. Everything is on loopback.
 */

import { parseArgs } from "node:util";
import autocannon from "autocannon";
import * as z from "zod";
import { systemClock } from "../../src/domain/time.ts";
import { type Figure, information, tableOf, withTarget } from "../bench/figure.ts";
import { startWorkbench, token } from "../bench/workbench.ts";
import { scenarios } from "./scenarios.ts";
import { startServer } from "./start-server.ts";
import { storePurges } from "./store-purges.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const seconds = z.coerce.number().min(14).max(3_600).parse(values.seconds);
const connections = 10;
/** Redis works off what it was given before, also for callers who have gone. */
const patienceMs = 60_000;
const overload = { connections: 400, seconds: 5 } as const;

const bench = await startWorkbench();
if (bench.kind === "embedded") {
  console.error(
    "redis-server is not installed (not found on PATH): the embedded Redis is not made for load.",
  );
  await bench.close();
  process.exit(1);
}
bench.imagekit.control.change({ latencyMs: { medianMs: 50, sigma: 0.5 } });
const server = await startServer(bench.settings);
const { call } = bench.serve();
const Page = z.object({ purges: z.tuple([z.object({ id: z.string(), batchId: z.string() })], z.unknown()) });

const figures: Figure[] = [];
let stored = 0;
let heapBefore = Number.NaN;
for (const purges of [20_000, 100_000]) {
  console.error(`storing ${purges} purges …`);
  await storePurges(bench, stored, purges);
  stored = purges;
  const [{ id: purgeId, batchId }] = Page.parse(await (await call("/api/purges?q=shoe-")).json()).purges;
  const all = scenarios({ purgeId, batchId });
  for (const { name, request } of all) {
    console.error(`${name} …`);
    await quiet();
    const duration = Math.max(1, Math.round(seconds / 2 / all.length));
    const result = await autocannon({
      url: server.url,
      connections,
      duration,
      timeout: 10,
      requests: [request],
    });
    const { latency, requests, errors, non2xx } = result;
    figures.push(
      withTarget(
        `${name}, over ${purges} purges`,
        `p50 ${latency.p50} ms, p99 ${latency.p99} ms, ${requests.average.toFixed(0)}/s, ${errors + non2xx} errors`,
        "0 errors",
        errors + non2xx === 0 && requests.total > 0,
      ),
    );
  }
  const { heapMegabytes, rssMegabytes } = await server.memory();
  if (Number.isNaN(heapBefore)) {
    heapBefore = heapMegabytes;
    figures.push(
      information(
        "memory of the server then",
        `heap ${heapMegabytes.toFixed(0)} MB, RSS ${rssMegabytes.toFixed(0)} MB`,
      ),
    );
  }
}

console.error("overload …");
const heavy = { method: "GET", path: "/api/purges?q=no-such-image", headers: authorization() } as const;
const { statusCodeStats, errors } = await autocannon({
  url: server.url,
  connections: overload.connections,
  duration: overload.seconds,
  timeout: 30,
  requests: [heavy],
});
const statuses = Object.entries(statusCodeStats).map(([status, { count }]) => `${count} x ${status}`);
figures.push(
  withTarget(
    `overload: ${overload.connections} searches at once for ${overload.seconds} s`,
    `${statuses.join(", ") || "no answer"}; ${errors} without`,
    "200, 429, 503 only",
    errors === 0 && Object.keys(statusCodeStats).every((status) => /^(200|429|503)$/.test(status)),
  ),
);
figures.push(await recovery());
const { heapMegabytes, rssMegabytes } = await server.memory();
figures.push(
  withTarget(
    "memory of the server at the end",
    `heap ${heapMegabytes.toFixed(0)} MB, RSS ${rssMegabytes.toFixed(0)} MB`,
    "heap within 10 MB of before",
    heapMegabytes - heapBefore <= 10,
  ),
);
await server.close();
await bench.close();
console.log(`\n${tableOf(figures)}\n`);
if (figures.some(({ verdict }) => verdict === "NOT OK")) process.exitCode = 1;

/** Until what the run before left under way is done: Redis works in order, so then a search is answered. */
async function quiet(): Promise<void> {
  for (;;) {
    const response = await fetch(`${server.url}/api/purges?q=no-such-image`, { headers: authorization() });
    await response.arrayBuffer();
    if (response.status === 200) return;
    await systemClock.sleep(100);
  }
}

/** Asks again and again: how long after the overload every answer is a good one, ten in a row. */
async function recovery(): Promise<Figure> {
  const beganMs = performance.now();
  let good = 0;
  while (good < 10 && performance.now() - beganMs < patienceMs) {
    const response = await fetch(`${server.url}/api/budget`, { headers: authorization() });
    await response.arrayBuffer();
    good = response.status === 200 ? good + 1 : 0;
  }
  const tookMs = performance.now() - beganMs;
  return withTarget(
    "after it, until ten good answers in a row",
    `${(tookMs / 1_000).toFixed(1)} s`,
    "recovers by itself",
    good === 10,
  );
}

function authorization() {
  return { authorization: `Bearer ${token}` };
}
