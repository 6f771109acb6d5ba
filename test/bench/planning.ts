import { planLines } from "../../src/planning/plan-lines.ts";
import { type Figure, judged } from "./figure.ts";
import { pastedLines } from "./shop-urls.ts";
import { median, quantile } from "./statistics.ts";

const endpoints = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "ik.imagekit.io", path: "/demo/private" },
  { host: "images.shop.example", path: "" },
] as const;

/** CPU milliseconds of this process that one plan takes. */
function cpuOf(lines: readonly string[]): number {
  const before = process.cpuUsage();
  planLines(lines, endpoints);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** What checking lines costs, and that ten thousand cost a hundred times what a hundred do. */
export async function planning(): Promise<readonly Figure[]> {
  const few = pastedLines(100);
  const many = pastedLines(10_000);
  for (let i = 0; i < 300; i++) cpuOf(few);
  for (let i = 0; i < 3; i++) cpuOf(many);

  const fewMs = Array.from({ length: 2_000 }, () => cpuOf(few));
  // In alternation, so that what else the machine does weighs on both alike.
  const ratios = Array.from({ length: 15 }, () => {
    const hundreds = Array.from({ length: 100 }, () => cpuOf(few)).reduce((sum, ms) => sum + ms, 0);
    return cpuOf(many) / hundreds;
  });
  const p99 = quantile(fewMs, 0.99);
  const ratio = median(ratios);
  return [
    judged(
      "plan of 100 lines, CPU",
      `p50 ${median(fewMs).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
      "p99 < 2 ms",
      p99 < 2,
    ),
    judged(
      "plan of 10,000 lines : 100 plans of 100",
      `${ratio.toFixed(2)} x`,
      "<= 1.5 x (linear)",
      ratio <= 1.5,
    ),
  ];
}
