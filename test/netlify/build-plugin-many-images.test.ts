// @module-tag slow

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { type Desk, openNewStorefront, startDesk } from "./storefront.ts";

let app: Desk;
let store: Awaited<ReturnType<typeof openNewStorefront>>;

beforeAll(async () => {
  app = await startDesk({ PURGE_MONTHLY_QUOTA: "1500" });
});
afterAll(() => app.close());
beforeEach(async () => {
  store = await openNewStorefront(app);
  await shoot(1);
  await store.deploy();
  await shoot(2);
});
afterEach(() => store.close());

/** More than one plan takes, in the order of the manifest. */
const paths = Array.from({ length: 1_040 }, (_, index) => `/images/${String(index).padStart(4, "0")}.jpg`);
/** The second one is cleared with the first, by the same wildcard. */
const all = paths.toSpliced(1, 0, `${paths[0]}.webp`);

async function shoot(round: number): Promise<void> {
  await Promise.all(all.map((path) => store.write(path, `round ${round}`)));
}

async function budget(): Promise<unknown> {
  const { body } = await app.call("/api/budget", { token: tokens.read });
  return { spent: body.spent, reserved: body.reserved };
}

/** The images of the batches to which a log links, in its order. */
async function batchesIn(log: string): Promise<readonly (readonly string[])[]> {
  const ids = [...log.matchAll(/^ .*\/batches\/(b_\w+)$/gm)].map(([, id]) => id);
  const batches = await Promise.all(ids.map((id) => app.call(`/api/batches/${id}`, { token: tokens.read })));
  return batches.map(({ body }) => body.lines.map(({ image }: { image: string }) => image));
}

test("a deploy of 1,041 changed images that is killed half-way and built again purges each URL once, in order", async () => {
  const { live } = store.shop;
  const again = { inputs: { maxUnits: 1_500 }, env: { DEPLOY_ID: "d7" }, stillSettles: true } as const;

  const killed = await store.deploy({ ...again, killedAfter: 4 });
  expect(killed.status).toBeUndefined();
  expect(killed.log).toContain(
    ["Purge Desk: purging 1,041 images for 1,040 units:", ...all.map((path) => `  ${path}`)].join("\n"),
  );
  expect(await budget()).toEqual({ spent: 0, reserved: 400 });

  store.shop.live = live;
  const { log, status } = await store.deploy(again);
  expect(status?.summary).toBe("1,041 images sent to be purged, for 1,040 units.");
  expect(await budget()).toEqual({ spent: 0, reserved: 1_040 });
  const batches = await batchesIn(log);
  expect(batches.flat()).toEqual(paths);
  // A plan takes 1,000 images.
  expect(batches.map(({ length }) => length)).toEqual([...Array(9).fill(100), 99, 41]);
});

test("when the budget ends within a deploy of many images, the log links what was sent and names what was left", async () => {
  const json = { external: 1_200, reason: "300 are left" };
  await app.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json });
  const { log, status } = await store.deploy({ inputs: { maxUnits: 1_500 }, stillSettles: true });
  expect(status?.summary).toMatch(/^Purging failed: 301 images sent, 740 images left\. This needs 100 of/);
  expect((await batchesIn(log)).flat()).toEqual(paths.slice(0, 300));
  const left = log.slice(log.indexOf("No later deploy purges them"));
  expect(left.match(/^ {2}\/images\/\S+$/gm)).toEqual(paths.slice(300).map((path) => `  ${path}`));
});
