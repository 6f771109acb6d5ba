import { type Figure, withTarget } from "../figure.ts";
import type { Workbench } from "../workbench.ts";
import { onePerUrl } from "./one-per-url.ts";
import { type MonthResult, replay } from "./replay.ts";
import { makeShop, type ShopSize } from "./shop.ts";
import { throughPurgeDesk } from "./through-purge-desk.ts";
import { type Habits, monthOf } from "./trace.ts";

/** How many times fewer units than with one purge for each URL. */
const leastSaving = 5;

type Month = ShopSize & Habits & { readonly images: string };

const sizes = [
  { images: "500", categories: 10, products: 10, savesADay: 3, seed: 2_026 },
  { images: "5,000", categories: 50, products: 20, savesADay: 6, seed: 2_027 },
  { images: "50,000", categories: 200, products: 50, savesADay: 12, seed: 2_028 },
] as const;

const months: readonly Month[] = [
  ...sizes.flatMap((size) => [0, 3, 8].map((transformations) => ({ ...size, transformations }))),
  { ...sizes[0], transformations: 8, onlySingleImages: true },
];

const strategies = ["one purge per URL", "without duplicates", "Purge Desk"] as const;

/**
 * Months of shops, replayed against one purge for each URL, the same without duplicates, and the service. What is left
 * of the budget and which images stay stale is counted at a simulated CDN.
 */
export async function shopMonths(bench: Workbench): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const rows: (readonly string[])[] = [];
  for (const month of months) {
    const shop = makeShop(month);
    const changes = monthOf(shop, month);
    const all = await replay(shop, changes, onePerUrl(shop, { withDuplicates: true }));
    const distinct = await replay(shop, changes, onePerUrl(shop, { withDuplicates: false }));
    const ours = await replay(shop, changes, await throughPurgeDesk(bench, shop));
    const { images, transformations, onlySingleImages = false } = month;
    const name = `${images} images, ${transformations} path transformations${onlySingleImages ? ", single images" : ""}`;
    [all, distinct, ours].forEach((result, at) => {
      rows.push([at === 0 ? name : "", strategies[at] ?? "", ...cellsOf(result)]);
    });
    figures.push(figureOf(name, onlySingleImages ? 1 : leastSaving, { all, distinct, ours }));
  }
  console.log(`\n${markdownTable(rows)}\n`);
  return figures;
}

/** A save of a single image has nothing to share but its repetitions, so it is not held to `leastSaving`. */
function figureOf(
  name: string,
  least: number,
  { all, distinct, ours }: Readonly<Record<"all" | "distinct" | "ours", MonthResult>>,
): Figure {
  const saving = all.units / ours.units;
  const isSound = ours.staleOncePurged === 0 && ours.units <= distinct.units;
  return withTarget(
    `units of a month: ${name}`,
    `${saving.toFixed(1)} x fewer (${all.units} / ${distinct.units} / ${ours.units}), ${ours.staleOncePurged} stale`,
    `>= ${least} x, never more than without duplicates, 0 stale once purged`,
    saving >= least && isSound,
  );
}

function cellsOf({ units, ranOutOn, staleOncePurged, staleAtTheEnd, extra }: MonthResult): readonly string[] {
  const day = ranOutOn === undefined ? "lasted" : `day ${ranOutOn}`;
  return [units, day, staleOncePurged, staleAtTheEnd, extra].map((cell) =>
    typeof cell === "number" ? cell.toLocaleString("en") : cell,
  );
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const head = [
    "shop",
    "purged by",
    "units",
    "budget of 1,000",
    "stale once purged",
    "stale at the end",
    "extra",
  ];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
