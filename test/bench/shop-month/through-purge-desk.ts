import type { Caller } from "../../../src/domain/caller.ts";
import { type EpochMs, systemClock } from "../../../src/domain/time.ts";
import { maximumLines, maximumPurges } from "../../../src/rules/limits.ts";
import type { Services } from "../../../src/services.ts";
import { type Plan, planPurges } from "../../../src/use-cases/plan-purges.ts";
import { type Submission, submitPurges } from "../../../src/use-cases/submit-purges.ts";
import { sweepLedger } from "../../../src/use-cases/sweep.ts";
import { ledgerAt } from "../../support/ledger-at.ts";
import type { Workbench } from "../workbench.ts";
import { quota, type Strategy } from "./replay.ts";
import type { Shop } from "./shop.ts";
import { type Change, monthStart } from "./trace.ts";

const caller: Caller = { name: "storefront", scopes: ["read", "purge", "wildcard"] };
const runMs = 25_000;
/** A person accepts the best offer, looks at the plan again, and so on, at most this often. */
const mostAccepted = 8;

type Part = Pick<Submission, "urls" | "images" | "cover">;

/**
 * The service over a ledger of its own, whose time is that of the changes. Hooks name the images of a product and allow
 * its category's folder to be cleared; a person accepts the folders that a plan offers.
 */
export async function throughPurgeDesk(bench: Workbench, shop: Shop): Promise<Strategy> {
  await bench.clear();
  const time = { now: monthStart };
  const services = await servicesAt(bench, time, shop);
  const batches = new Map<string, Change>();
  const refused = new Set<Change>();
  let seen = 0;

  return {
    async call(change, repeat) {
      time.now = change.at + 1_000 + repeat * 3_000;
      if (refused.has(change)) return { purged: [], units: 0, isRefused: true };
      const parts =
        change.by === "hook"
          ? [{ urls: [], images: change.images, cover: [folderOf(change)] }]
          : await plannedParts(services, shop, change);
      let units = 0;
      for (const part of parts) {
        const reply = await submit(services, part, change.at);
        units += reply.units;
        if (reply.batchId === undefined) refused.add(change);
        else batches.set(reply.batchId, change);
      }
      const arrivals = bench.imagekit.arrivals();
      const purged = arrivals
        .slice(seen)
        .flatMap(({ endpoint, outcome, url }) =>
          endpoint === "send" && outcome === "accepted" && url !== undefined ? [url] : [],
        );
      seen = arrivals.length;
      return { purged, units, isRefused: refused.has(change) };
    },

    async unfinished() {
      time.now += 60_000;
      await sweepLedger(services, { deadlineMs: services.clock.monotonicMs() + runMs });
      const open = new Set<Change>();
      for (const [id, change] of batches) {
        const batch = await services.ledger.readBatch(id);
        if (batch?.purges.some(({ state }) => state !== "completed") !== false) open.add(change);
      }
      batches.clear();
      seen = bench.imagekit.arrivals().length;
      return open;
    },
  };
}

async function servicesAt(bench: Workbench, time: { readonly now: EpochMs }, shop: Shop): Promise<Services> {
  const clock = { ...systemClock, now: () => time.now };
  const { services } = bench.serve({ clock });
  const config = { ...services.config, policy: { ...services.config.policy, quota } };
  const ledger = ledgerAt(clock, { ...services, config });
  const { version } = await ledger.readProfiles();
  const { endpoint, transformations } = shop;
  await ledger.changeProfile({
    name: "shop",
    profile: { name: "shop", paths: ["/"], endpoints: [endpoint], transformations },
    expectedVersion: version,
    actor: caller.name,
  });
  return { ...services, ledger };
}

async function submit(services: Services, part: Part, changedAt: EpochMs) {
  const work: Promise<unknown>[] = [];
  const reply = await submitPurges(
    { ...services, background: (rest) => work.push(rest) },
    caller,
    { ...part, changedAt, onInvalid: "reject", onExhausted: "reject" },
    { deadlineMs: services.clock.monotonicMs() + runMs },
  );
  await Promise.all(work);
  if (reply.outcome === "accepted") return { units: reply.batch.units, batchId: reply.batch.id };
  if (reply.outcome === "exhausted") return { units: reply.units, batchId: undefined };
  throw new Error(`not accepted: ${JSON.stringify(reply)}`);
}

/** What is submitted for many images: first the wildcards of the covers, then what these do not clear. */
async function plannedParts(
  services: Services,
  shop: Shop,
  { images, at }: Change,
): Promise<readonly Part[]> {
  const cover: string[] = [];
  let plan = await planned(services, { images, cover, changedAt: at });
  for (let [offer] = plan.covers; offer !== undefined; [offer] = plan.covers) {
    if (cover.length === mostAccepted) break;
    cover.push(offer.prefix);
    plan = await planned(services, { images, cover, changedAt: at });
  }
  const wildcards = plan.cover.flatMap(({ targets }) => targets.map(({ url }) => url));
  const left = plan.lines.flatMap((line) =>
    line.verdict === "image" && line.targets.some(({ verdict }) => verdict === "accepted")
      ? [line.input]
      : [],
  );
  const atOnce = Math.min(maximumLines, Math.floor(maximumPurges / (1 + shop.transformations.length)));
  return [
    ...chunks(wildcards, maximumLines).map((urls) => ({ urls, images: [], cover: [] })),
    ...chunks(left, atOnce).map((some) => ({ urls: [], images: some, cover: [] })),
  ];
}

async function planned(
  services: Services,
  request: {
    readonly images: readonly string[];
    readonly cover: readonly string[];
    readonly changedAt: EpochMs;
  },
): Promise<Plan> {
  const reply = await planPurges(services, caller, { urls: [], ...request });
  if (reply.outcome !== "planned") throw new Error(`not planned: ${reply.outcome}`);
  return reply.plan;
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

function folderOf({ images: [image = "/"] }: Change): string {
  return image.slice(0, image.lastIndexOf("/") + 1);
}
