import { planLines } from "../../src/planning/plan-lines.ts";
import { type Figure, withTarget } from "./figure.ts";
import { pastedLines } from "./shop-urls.ts";
import { median, quantile } from "./statistics.ts";

const endpoints = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "ik.imagekit.io", path: "/demo/private" },
  { host: "images.shop.example", path: "" },
] as const;

/** CPU time that one plan takes in this process, in milliseconds. */
function cpuOf(lines: readonly string[]): number {
  const before = process.cpuUsage();
  planLines(lines, endpoints);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The cost of checking lines, and that 10,000 lines cost a hundred times as much as 100. */
export async function planning(): Promise<readonly Figure[]> {
  const few = pastedLines(100);
  const many = pastedLines(10_000);
  for (let i = 0; i < 300; i++) cpuOf(few);
  for (let i = 0; i < 3; i++) cpuOf(many);

  const fewMs = Array.from({ length: 2_000 }, () => cpuOf(few));
  // Alternately, so that other work of the machine affects both equally.
  const ratios = Array.from({ length: 15 }, () => {
    const hundreds = Array.from({ length: 100 }, () => cpuOf(few)).reduce((sum, ms) => sum + ms, 0);
    return cpuOf(many) / hundreds;
  });
  const p99 = quantile(fewMs, 0.99);
  const ratio = median(ratios);
  return [
    withTarget(
      "plan of 100 lines, CPU",
      `p50 ${median(fewMs).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
      "p99 < 2 ms",
      p99 < 2,
    ),
    withTarget(
      "plan of 10,000 lines : 100 plans of 100",
      `${ratio.toFixed(2)} x`,
      "<= 1.5 x (linear)",
      ratio <= 1.5,
    ),
  ];
}
