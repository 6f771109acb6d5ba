import { offerCovers } from "../../src/planning/covers/offer-covers.ts";
import { planLines } from "../../src/planning/plan-lines.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import { type Figure, withTarget } from "./figure.ts";
import { pastedLines } from "./shop-urls.ts";
import { median, quantile } from "./statistics.ts";

const endpoints = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "ik.imagekit.io", path: "/demo/private" },
  { host: "images.shop.example", path: "" },
] as const;

const profile = {
  name: "shop",
  paths: ["/"],
  endpoints: ["https://ik.imagekit.io/demo"],
  transformations: Array.from({ length: 9 }, (_, index) => `tr:w-${index + 1}00`),
};

/** CPU time that something takes in this process, in milliseconds. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const planOf = (lines: readonly string[]) => () => planLines(lines, endpoints);

/** A plan of images of 10 targets each, of which one folder may be cleared whole, with all that is offered. */
const planWithCovers = (images: readonly string[]) => () => {
  const context = { endpoints, profiles: [profile], mayUseWildcards: true };
  const plan = planRequest({ urls: [], images, cover: ["/products/autumn/"] }, context);
  return offerCovers(plan, context, () => false);
};

function shopImages(count: number): readonly string[] {
  const seasons = ["autumn", "winter", "spring", "summer"];
  return Array.from(
    { length: count },
    (_, index) => `/products/${seasons[index % 4]}/category-${index % 40}/shoe-${index}.jpg`,
  );
}

/** How many times longer than `times` small ones one large piece of work takes. */
function ratioOf(large: () => unknown, small: () => unknown, times: number): number {
  // Alternately, so that other work of the machine affects both equally.
  const ratios = Array.from({ length: 15 }, () => {
    const together = Array.from({ length: times }, () => cpuOf(small)).reduce((sum, ms) => sum + ms, 0);
    return cpuOf(large) / together;
  });
  return median(ratios);
}

/** The cost of checking lines and of finding covers, and that both grow no faster than what is asked. */
export async function planning(): Promise<readonly Figure[]> {
  const few = planOf(pastedLines(100));
  const many = planOf(pastedLines(10_000));
  for (let i = 0; i < 300; i++) few();
  for (let i = 0; i < 3; i++) many();
  const fewMs = Array.from({ length: 2_000 }, () => cpuOf(few));
  const ratio = ratioOf(many, few, 100);

  const fewImages = planWithCovers(shopImages(100));
  const manyImages = planWithCovers(shopImages(1_000));
  for (let i = 0; i < 10; i++) fewImages();
  const coversMs = Array.from({ length: 20 }, () => cpuOf(manyImages));
  const coversRatio = ratioOf(manyImages, fewImages, 10);
  const p99 = quantile(fewMs, 0.99);
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
    withTarget(
      "plan of 10,000 targets with covers, CPU",
      `p50 ${median(coversMs).toFixed(0)} ms, p99 ${quantile(coversMs, 0.99).toFixed(0)} ms`,
      "p50 < 500 ms",
      median(coversMs) < 500,
    ),
    withTarget(
      "plan of 10,000 targets with covers : 10 plans of 1,000",
      `${coversRatio.toFixed(2)} x`,
      "<= 1.5 x (linear)",
      coversRatio <= 1.5,
    ),
  ];
}
