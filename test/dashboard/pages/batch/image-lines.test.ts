import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accepting, tokens } from "../../../support/app.ts";
import { pass, startWatching, submit, sweepNow, view, type Watching } from "../../app-with-purges.ts";

const endpoint = "https://ik.imagekit.io/demo";

describe("images on the page of their batch", () => {
  let watching: Watching;
  beforeAll(async () => {
    watching = await startWatching();
    await watching.app.services.ledger.changeProfile({
      name: "shop",
      profile: { name: "shop", paths: ["/products/"], endpoints: [endpoint], transformations: ["tr:w-400"] },
      expectedVersion: 0,
      actor: "anna",
    });
  });
  beforeEach(() => {
    watching.app.imagekit.answer = accepting("Pending");
  });
  afterAll(() => watching.app.close());

  /** Accepts every purge but those whose URL contains these words, which are refused; then all are Completed. */
  const refusing = (words: string) => async (request: Request) => {
    if (request.method !== "POST") return Response.json({ status: "Completed" });
    const isRefused = (await request.text()).includes(words);
    return isRefused
      ? Response.json({ message: "The URL is not valid for cache purging." }, { status: 400 })
      : Response.json({ requestId: "598821f949c0a938d57563bd" }, { status: 201 });
  };
  const send = (images: readonly string[], more: object = {}, token: string = tokens.admin) =>
    submit(watching, [], { images, ...more }, token);

  test("an image has the worst state of its purges, and is not cleared when one was refused", async () => {
    watching.app.imagekit.answer = refusing("tr:w-400");
    const { id } = await send(["/products/a.jpg"]);
    pass(watching, 1);
    await sweepNow(watching);
    const page = await view(watching, `/batches/${id}`);
    expect(page).toContain("0 of 1 completed");
    expect(page).toMatch(
      /<summary class="row"><span class="line-number">1<\/span><span class="pill state refused"/,
    );
    expect(page).toContain("1 of 2 URLs completed");
    expect(page).toContain("not cleared</strong>");
    expect(page).toContain("1 line was not cleared.");
  });

  test("what is left of an image is offered at the price of what was not cleared", async () => {
    const lost = () => new Response("Bad gateway", { status: 502 });
    watching.app.imagekit.answer = async (request) =>
      request.method === "POST" && (await request.clone().text()).includes("tr:w-400")
        ? lost()
        : refusing("nothing")(request);
    const { id } = await send(["/products/b.jpg"]);
    for (let minute = 0; minute < 4; minute += 1) {
      pass(watching, 1);
      await sweepNow(watching);
    }
    const page = await view(watching, `/batches/${id}`, tokens.admin);
    expect(page).toContain("pill state abandoned");
    expect(page).toContain("Purge 1 line again for 1 unit");
    expect(page).toContain(`name="urls" value="${endpoint}/tr:w-400/products/b.jpg*"`);
  });

  test("an image that a batch names twice costs once, and its second line leads to the first", async () => {
    const { id } = await send(["/products/c.jpg", `${endpoint}/products/c.jpg`]);
    const page = await view(watching, `/batches/${id}`, tokens.admin);
    expect(page).toContain("· 2 units");
    expect(page).toContain("same as line 1");
    expect(page).toContain('The same image as <a href="#line-1">line 1</a>');
  });

  test("an image that another batch purges just now joins its purges, and the page says that they are free", async () => {
    await send(["/products/d.jpg"]);
    const changedAt = new Date(watching.time.now - 60_000).toISOString();
    const { id } = await send(["/products/d.jpg"], { changedAt });
    const page = await view(watching, `/batches/${id}`);
    expect(page).toContain("free; 2 joined purges of images are free");
    expect(page.match(/ joined, free/g)).toHaveLength(2);
  });

  test("lines that a folder clears show its wildcard's state, and none is called cleared before that is Completed", async () => {
    const images = Array.from({ length: 8 }, (_, n) => `/products/autumn/shoe-${n}.jpg`);
    const { id } = await send(images, { cover: ["/products/autumn/"] });
    const page = await view(watching, `/batches/${id}`);
    expect(page).toContain("· 2 units");
    expect(page.match(/0 of 2 URLs completed/g)).toHaveLength(8);
    expect(page).toContain("8 pending");
    expect(page).toContain(">/products/autumn/");
  });

  test("submitted again, an image is named as an image, with its price", async () => {
    watching.app.imagekit.answer = refusing("nothing");
    const { id } = await send(["/products/e.jpg"]);
    pass(watching, 1);
    await sweepNow(watching);
    const page = await view(watching, `/batches/${id}`, tokens.admin);
    expect(page).toContain("1 of 1 completed");
    expect(page).toContain("Purge again for 2 units");
    expect(page).toContain('name="urls" value="/products/e.jpg"');
    expect(page).toContain("{&quot;images&quot;:[&quot;/products/e.jpg&quot;]}");
  });
});
