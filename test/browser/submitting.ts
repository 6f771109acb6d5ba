/** What the tests of watching share. */

import type { Page } from "playwright-core";
import { expect } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { nameTargets } from "../../src/planning/name-targets.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import { createServices } from "../../src/services.ts";
import { configOf, environmentOfTests, tokens } from "../support/app.ts";
import { ledgerAt } from "../support/ledger-at.ts";
import type { Dashboard } from "./dashboard.ts";

/** A URL that may be purged. */
export const urlOf = (name: string) => `https://ik.imagekit.io/demo/${name}`;
/** Between two looks that let time pass. */
export const impatient = { interval: 100 };
export const textOf = (page: Page) => page.getByRole("main").textContent();

/** Submits as that token, and gives where batch and first purge are shown. */
export async function submitTo(
  dashboard: Dashboard,
  names: readonly string[],
  { as = "admin", ...more }: { readonly as?: keyof typeof tokens; readonly [field: string]: unknown } = {},
) {
  const answer = await fetch(`${dashboard.url}/api/purges`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tokens[as]}`, "Content-Type": "application/json" },
    body: JSON.stringify({ urls: names.map(urlOf), ...more }),
  });
  expect(answer.status).toBe(202);
  const batch = await answer.json();
  return { path: `/batches/${batch.id}`, purge: `/purges/${batch.purges[0].id}` } as const;
}

/** Completes them at ImageKit, however late the service sends them there: a busy machine answers before it has. */
export async function completeAtImageKit(dashboard: Dashboard, urls: readonly string[]): Promise<void> {
  for (const url of urls)
    await expect.poll(() => dashboard.imagekit.control.complete(url)).toBeGreaterThan(0);
}

/** Lets time pass and reloads until the page says so: reading a page does some of what is due. */
export async function untilShown({ passTime }: Dashboard, page: Page, words: string): Promise<void> {
  await expect
    .poll(async () => {
      passTime(6_000);
      await page.reload();
      return textOf(page);
    }, impatient)
    .toContain(words);
}

/** A batch of two that ImageKit accepted so long ago, through the ledger's own scripts; where it is shown. */
export async function acceptedLongAgo(
  env: { readonly UPSTASH_REDIS_REST_URL: string; readonly UPSTASH_REDIS_REST_TOKEN: string },
  agoMs: number,
): Promise<readonly string[]> {
  const config = configOf({ ...environmentOfTests, ...env });
  const { makeId } = createServices(config, { clock: systemClock, writeLog: () => undefined, fetch });
  const ledger = ledgerAt({ ...systemClock, now: () => Date.now() - agoMs }, { config, makeId });
  const batchId = makeId("b");
  const urls = [urlOf("late/shoe.jpg"), urlOf("late/boot.jpg")];
  const context = { endpoints: config.endpoints, profiles: [], mayUseWildcards: true };
  const planned = planRequest({ urls, images: [], cover: [] }, context);
  const reply = await ledger.reserve({
    batchId,
    actor: "storefront",
    reason: "new autumn photo",
    onExhausted: "reject",
    lease: { token: makeId("l"), limit: 20 },
    ...nameTargets(planned, () => makeId("p")),
  });
  if (reply.outcome !== "reserved") throw new Error(`the reservation was answered ${reply.outcome}`);
  await ledger.advance({
    settlements: reply.leases.map(({ purgeId, token }) => ({
      lane: "send",
      purgeId,
      token,
      result: { outcome: "accepted", status: 201, imagekitRequestId: makeId("r").slice(-24) },
    })),
  });
  return [`/batches/${batchId}`, ...reply.leases.map(({ purgeId }) => `/purges/${purgeId}`)];
}
