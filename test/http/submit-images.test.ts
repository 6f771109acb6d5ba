import { expect, test } from "vitest";
import { accepting, tokens } from "../support/app.ts";
import { base, custom, serveImageShop, shop, targetsOf } from "../support/image-shop.ts";

const served = serveImageShop();
const { time, putProfile, plan, submit, purged, spent } = served;

test("an image is cleared under every URL that its profile names, with the scope purge", async () => {
  const answer = await submit({ images: [`${custom}/tr:w-640/products/shoe.jpg?updatedAt=1`] });
  expect(answer).toMatchObject({ status: 202, body: { units: 8 } });
  expect(purged()).toEqual(targetsOf("/products/shoe.jpg").sort());
  expect(answer.body.lines).toEqual([
    {
      line: 1,
      verdict: "image",
      image: "/products/shoe.jpg",
      profile: "shop",
      purgeIds: answer.body.purges.map(({ id }: { id: string }) => id),
      warnings: [],
      state: "pending",
    },
  ]);
  expect(await spent()).toBe(8);
});

test("a text of images is one image a line with as=images, and is another request than the same text of URLs", async () => {
  const body = `\n${base}/products/shoe.jpg\n\n`;
  const send = (query: string) =>
    served.desk.call(`/api/purges${query}`, {
      method: "POST",
      token: tokens.purge,
      type: "text/plain",
      body,
      headers: { "Idempotency-Key": "k" },
    });
  expect(await send("?as=images")).toMatchObject({ status: 202, body: { units: 8 } });
  expect(await send("")).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
  expect(await send("?as=urls")).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
  expect(await send("?as=images")).toMatchObject({ status: 200, body: { units: 8 } });
});

test.each(["?as=folders", "?as=images&as=urls", "?like=images"])(
  "the query %s of a text is refused by name",
  async (query) => {
    const init = { method: "POST", token: tokens.purge, type: "text/plain", body: "/products/shoe.jpg" };
    const answer = await served.desk.call(`/api/purges${query}`, init);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-query" } });
  },
);

test("as is refused for a JSON body, which names its lines itself", async () => {
  const init = { method: "POST", token: tokens.purge, json: { urls: ["/products/shoe.jpg"] } };
  const answer = await served.desk.call("/api/purges?as=images", init);
  expect(answer).toMatchObject({ status: 422, body: { code: "invalid-query" } });
});

test("a submission repeated under its key gives its batch, whatever the profiles say by then", async () => {
  const headers = { "Idempotency-Key": "photo-7" };
  const first = await submit({ images: ["/products/shoe.jpg"] }, { headers });
  const { version } = (await served.desk.call("/api/profiles", { token: tokens.read })).body;
  const fewer = { ...shop, endpoints: [base], transformations: [] };
  expect((await putProfile("shop", fewer, { "If-Match": `"${version}"` })).status).toBe(200);
  const again = await submit({ images: ["/products/shoe.jpg"] }, { headers });
  expect(again).toMatchObject({ status: 200, body: { id: first.body.id, units: 8 } });
  expect(served.desk.imagekit.purged).toHaveLength(8);
  const other = await submit({ images: ["/products/boot.jpg"] }, { headers });
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
});

test("a submission that is sent twice at once under its key is one batch, and is sent once", async () => {
  const headers = { "Idempotency-Key": "photo-8" };
  const answers = await Promise.all(
    [1, 2].map(() => submit({ images: ["/products/shoe.jpg"] }, { headers })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 202]);
  expect(answers[0]?.body.id).toBe(answers[1]?.body.id);
  expect([await spent(), purged()]).toEqual([8, targetsOf("/products/shoe.jpg").sort()]);
});

test("changing a profile does not touch what is queued", async () => {
  served.desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const { body } = await submit({ images: ["/products/shoe.jpg"] });
  await served.desk.call("/api/profiles/shop", {
    method: "DELETE",
    token: tokens.admin,
    headers: { "If-Match": "*" },
  });
  time.now += 6_000;
  const batch = await served.desk.call(`/api/batches/${body.id}`, { token: tokens.read });
  const urls = batch.body.purges.map(({ url }: { url: string }) => url);
  expect(urls.sort()).toEqual(targetsOf("/products/shoe.jpg").sort());
});

test("an image's state is the worst of its purges' states: it is not cleared while one of them was refused", async () => {
  const accept = accepting();
  served.desk.imagekit.answer = async (request) => {
    if (request.method !== "POST" || !(await request.clone().text()).includes("tr:w-640"))
      return accept(request);
    const message = "The URL is not valid for cache purging.";
    return Response.json({ message, help: "For support kindly contact us." }, { status: 400 });
  };
  const { body } = await submit({ images: ["/products/shoe.jpg"] });
  time.now += 6_000;
  const batch = await served.desk.call(`/api/batches/${body.id}`, {
    token: tokens.read,
  });
  expect(batch.body.lines).toMatchObject([{ verdict: "image", state: "refused" }]);
  expect(batch.body.purges.filter(({ state }: { state: string }) => state === "refused")).toHaveLength(2);
});

test("an image of which one purge was cancelled is cancelled, and cancelling its batch cancels the rest", async () => {
  served.desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const { body } = await submit({ images: ["/products/shoe.jpg"] });
  const act = { method: "POST", token: tokens.purge };
  expect((await served.desk.call(`/api/purges/${body.purges[3].id}/cancel`, act)).status).toBe(200);
  time.now += 6_000;
  const batch = await served.desk.call(`/api/batches/${body.id}`, { token: tokens.read });
  expect(batch.body).toMatchObject({ done: false, lines: [{ verdict: "image", state: "cancelled" }] });
  const cancelled = await served.desk.call(`/api/batches/${body.id}/cancel`, act);
  expect(cancelled.body).toMatchObject({ done: true, budget: { reserved: 0, available: 1_000 } });
});

test("one bad image rejects its line only, and the others go where bad lines are skipped", async () => {
  const images = ["/products/shoe.jpg", "/products/"];
  expect(await submit({ images })).toMatchObject({
    status: 422,
    body: {
      code: "invalid-urls",
      lines: [{ verdict: "image" }, { violations: [{ code: "not-an-image" }] }],
    },
  });
  expect(await spent()).toBe(0);
  const answer = await submit({ images, onInvalid: "skip" });
  expect(answer).toMatchObject({ status: 202, body: { units: 8, lines: [{}, { verdict: "rejected" }] } });
});

test("images that make more than 100 purges are refused with their number, and how to get below it", async () => {
  const images = Array.from({ length: 13 }, (_, n) => `/products/${n}.jpg`);
  const answer = await submit({ images });
  expect(answer).toMatchObject({ status: 422, body: { code: "too-many-targets", count: 104, limit: 100 } });
  expect(answer.body.detail).toMatch(/104 purges.*at most 100.*Split.*cover/);
  expect([await spent(), served.desk.imagekit.purged]).toEqual([0, []]);
  expect(await submit({ images: images.slice(1) })).toMatchObject({ status: 202, body: { units: 96 } });
});

test("images beyond the budget are held like URLs, and nothing goes without the caller's word", async () => {
  await served.desk.call("/api/budget/corrections", {
    method: "POST",
    token: tokens.admin,
    json: { external: 995 },
  });
  const images = ["/products/shoe.jpg"];
  expect(await submit({ images })).toMatchObject({
    status: 429,
    body: { code: "budget-exhausted", units: 8 },
  });
  const held = await submit({ images, onExhausted: "hold" });
  expect(held).toMatchObject({ status: 202, body: { budget: { held: 3 }, lines: [{ state: "held" }] } });
});

test("a submission of images is three Redis requests for up to a wave of purges, and URLs remain two", async () => {
  const counted = async (json: unknown) => {
    await served.desk.redis.bridge.resetCounts();
    expect((await submit(json)).status).toBe(202);
    return served.desk.redis.bridge.counts().roundTrips;
  };
  // The first of each kind also loads its scripts.
  await counted({ images: ["/products/first.jpg"] });
  expect(await counted({ images: ["/products/shoe.jpg", "/products/boot.jpg"] })).toBe(3);
  expect(await counted({ urls: [`${base}/products/hat.jpg`] })).toBe(2);
});

test("no signature of an image or its further target is in an answer, the log or an ended record", async () => {
  served.desk.logged.length = 0;
  const image = `${base}/tr:w-77/products/shoe.jpg?ik-t=1900000000&ik-s=0123456789abcdef`;
  const answers = [await plan({ images: [image] }), await submit({ images: [image] })];
  expect(answers.map(({ status }) => status)).toEqual([200, 202]);
  answers.push(await submit({ images: [image, "/products/"] }));
  time.now += 6_000;
  answers.push(
    await served.desk.call(`/api/batches/${answers[1]?.body.id}`, {
      token: tokens.read,
    }),
  );
  for (const text of [...answers.map((answer) => answer.text), served.desk.logged.join("\n")]) {
    expect(text).not.toMatch(/0123456789abcdef|1900000000/);
  }
  expect(answers[0]?.text).toContain("ik-s=masked");
  expect(served.desk.imagekit.purged.join()).toContain("ik-s=0123456789abcdef");
});
