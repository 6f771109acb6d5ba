/**
 * `npm run bench`: measures the figures that the project holds itself to, each beside its target. With names of
 * measurements (`npm run bench -- firstAnswer`), only those run.
 */

import { type Figure, tableOf } from "./figure.ts";
import { firstAnswer } from "./first-answer.ts";
import { firstPaint } from "./first-paint.ts";
import { months } from "./months.ts";
import { planning } from "./planning.ts";
import { redisCommands } from "./redis-commands.ts";
import { redisMemory } from "./redis-memory.ts";
import { roundTrips } from "./round-trips.ts";
import { shopMonths } from "./shop-month/shop-months.ts";
import { submitting } from "./submitting.ts";
import { sweeping } from "./sweeping.ts";
import { startWorkbench } from "./workbench.ts";

const beganMs = performance.now();
const bench = await startWorkbench();
console.log(
  bench.kind === "redis-server"
    ? "Redis: a real redis-server behind the bridge."
    : "Redis: redis-server is not installed, so the embedded one; it counts no commands inside scripts, and no memory.",
);

const measurements = [
  roundTrips,
  planning,
  submitting,
  sweeping,
  redisCommands,
  months,
  shopMonths,
  redisMemory,
  firstAnswer,
  firstPaint,
];
const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const measure of measurements.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.error(`${measure.name} …`);
  figures.push(...(await measure(bench)));
}
await bench.close();

console.log(`\n${tableOf(figures)}\n`);
console.log(`${((performance.now() - beganMs) / 1_000).toFixed(0)} s on Node ${process.version}.`);
if (figures.some(({ verdict }) => verdict === "NOT OK")) process.exitCode = 1;
