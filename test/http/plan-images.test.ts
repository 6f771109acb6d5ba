import { expect, test } from "vitest";
import { accepting, tokens } from "../support/app.ts";
import { base, custom, serveImageShop, targetsOf } from "../support/image-shop.ts";

const served = serveImageShop();
const { putProfile, plan, submit, spent } = served;

test("a plan shows an image's targets, its price, and the price if pages used query transformations", async () => {
  const { body } = await plan({ images: ["/products/shoe.jpg"] });
  expect(body).toMatchObject({ units: 8, availableAfter: 992, cover: [] });
  expect(body.lines).toMatchObject([
    {
      line: 1,
      verdict: "image",
      image: "/products/shoe.jpg",
      profile: "shop",
      units: 8,
      unitsWithQuery: 2,
    },
  ]);
  expect(body.lines[0].targets.map(({ url }: { url: string }) => url).sort()).toEqual(
    targetsOf("/products/shoe.jpg").sort(),
  );
  expect(served.desk.imagekit.purged).toEqual([]);
  expect(await spent()).toBe(0);
});

test("lines are numbered through the URLs, then the images, and a target is paid once", async () => {
  const { body } = await plan({
    urls: [`${base}/banner.jpg`, `${base}/tr:w-400/products/shoe.jpg`],
    images: ["/products/shoe.jpg", `${custom}/tr:w-640/products/shoe.jpg?v=2`],
  });
  expect(body.units).toBe(9);
  expect(body.lines).toMatchObject([
    { line: 1, verdict: "accepted" },
    { line: 2, verdict: "covered", by: 3 },
    { line: 3, verdict: "image", units: 8 },
    { line: 4, verdict: "duplicate", of: 3 },
  ]);
});

test("an image without a profile has a null profile and says so", async () => {
  const { body } = await plan({ images: [`${base}/banners/sale.jpg`] });
  expect(body.lines[0]).toMatchObject({ profile: null, units: 1, warnings: [{ code: "no-profile" }] });
});

test("targets that an open purge serves are joined, and cost nothing", async () => {
  served.desk.imagekit.answer = accepting("Pending");
  const changedAt = "2026-01-01T00:00:00.120Z";
  const url = `${base}/tr:w-400/products/shoe.jpg*`;
  const { body: batch } = await submit({ urls: [url], changedAt }, { token: tokens.admin });
  const { body } = await plan({ images: ["/products/shoe.jpg"], changedAt });
  expect(body.units).toBe(7);
  expect(body.lines[0].targets).toContainEqual({
    url,
    kind: "wildcard",
    verdict: "joined",
    purgeId: batch.purges[0].id,
  });
});

test("a plan of 1,000 images with 10,000 targets is answered, and one more target is too many", async () => {
  const transformations = Array.from({ length: 9 }, (_, n) => `tr:w-${n + 1}00`);
  await putProfile("all", { paths: ["/"], endpoints: [base], transformations });
  const images = Array.from({ length: 1_000 }, (_, n) => `/a/${n}.jpg`);
  const { status, body } = await plan({ images });
  expect(status).toBe(200);
  expect(body.lines).toHaveLength(1_000);
  expect(body).toMatchObject({ units: 10_000, availableAfter: -9_000 });
  const more = await plan({ images: [...images.slice(1), `${base}/tr:w-77/a/0.jpg`] });
  expect(more).toMatchObject({
    status: 422,
    body: { code: "too-many-targets", count: 10_001, limit: 10_000 },
  });
}, 30_000);
