import { expect, test } from "vitest";
import { accepting, type CallInit, tokens } from "../support/app.ts";
import { base, serveImageShop } from "../support/image-shop.ts";

const served = serveImageShop();
const { time, plan, purged } = served;
/** With a token that has the scope `wildcard`, unless a test says otherwise. */
const submit = (json: unknown, init: CallInit = {}) => served.submit(json, { token: tokens.admin, ...init });

const images = ["/products/autumn/shoe.jpg", "/products/autumn/boot.jpg", "/products/autumn/hat.jpg"];
const prefix = "/products/autumn/";

test("a plan offers the folder that saves units, with the price before and after, and charges nothing", async () => {
  const { body } = await plan({ images });
  expect(body).toMatchObject({ units: 24, cover: [] });
  expect(body.covers).toContainEqual(
    expect.objectContaining({ prefix, lines: [1, 2, 3], unitsNow: 24, unitsThen: 8 }),
  );
  expect(body.covers[0].wildcards).toHaveLength(8);
  expect(served.desk.imagekit.purged).toEqual([]);
});

test("a cover costs what its offer said, and a plan shows what clears it", async () => {
  const { body } = await plan({ images, cover: [prefix] });
  expect(body.units).toBe(8);
  expect(body.lines).toMatchObject(images.map((image) => ({ verdict: "image", image, units: 0 })));
  expect(body.cover).toMatchObject([
    { prefix, targets: Array.from({ length: 8 }, () => ({ verdict: "accepted" })) },
  ]);
  expect(body.cover[0].targets.every(({ lines }: { lines: number[] }) => lines.join() === "1,2,3")).toBe(
    true,
  );
  expect(body.covers).toEqual([]);
});

test("a submission with a cover sends its wildcards, and they serve every line", async () => {
  const answer = await submit({ images, cover: [prefix] });
  expect(answer).toMatchObject({ status: 202, body: { units: 8 } });
  expect(purged()).toHaveLength(8);
  expect(purged().every((url) => url.includes(prefix) && url.endsWith("*"))).toBe(true);
  time.now += 6_000;
  const batch = await served.desk.call(`/api/batches/${answer.body.id}`, {
    token: tokens.read,
  });
  expect(batch.body.lines.map(({ state }: { state: string }) => state)).toEqual(
    images.map(() => "completed"),
  );
  expect(batch.body.lines[0].purgeIds).toHaveLength(8);
});

test("a folder's wildcards that an open purge serves are joined, and shown so", async () => {
  served.desk.imagekit.answer = accepting("Pending");
  const changedAt = "2026-01-01T00:00:00.120Z";
  await submit({ images, cover: [prefix], changedAt });
  const { body } = await plan({ images, cover: [prefix], changedAt });
  expect(body.units).toBe(0);
  expect(body.cover[0].targets[0]).toMatchObject({
    verdict: "joined",
    purgeId: expect.stringMatching(/^p_/),
  });
});

test("a folder that nothing is in, or that saves nothing, changes nothing", async () => {
  const one = { images: images.slice(0, 1) };
  const without = await plan(one);
  const useless = await plan({ ...one, cover: ["/elsewhere/", prefix] });
  expect(useless.body).toEqual(without.body);
});

test("a URL that a folder clears says which folder", async () => {
  const urls = images.map((image) => `${base}${image}`);
  const answer = await submit({ urls, cover: [prefix] });
  expect(answer.body).toMatchObject({
    units: 1,
    lines: urls.map(() => ({ verdict: "covered", cover: prefix })),
  });
  expect(purged()).toHaveLength(1);
});
