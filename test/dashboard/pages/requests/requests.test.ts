import { describe, expect, test } from "vitest";
import { nameTargets } from "../../../../src/planning/name-targets.ts";
import { planRequest } from "../../../../src/planning/plan-request.ts";
import { accepting, signed, startApp, tokens } from "../../../support/app.ts";
import { sessionCookie } from "../../session.ts";
import { env, listApp, rowsOf } from "./list-app.ts";

describe("the list of requests", () => {
  const { read, submit, time, app } = listApp();

  test("the first page of requests shows the newest 50", async () => {
    const urls = Array.from({ length: 60 }, (_, i) => `https://ik.imagekit.io/demo/catalog/runner-${i}.jpg`);
    await submit(urls, "New photos for the autumn campaign");
    expect(rowsOf((await read("/")).html)).toBe(50);
  });

  test("every part of the requests table has its role, which a phone's style would take away in Safari", async () => {
    await submit(["https://ik.imagekit.io/demo/roles.jpg"]);
    const [table = ""] = /<table[\s\S]*<\/table>/.exec((await read("/?q=roles")).html) ?? [];
    const tags = table.match(/<(table|thead|tbody|tr|th|td)\b[^>]*>/g) ?? [];
    expect(tags.length).toBe(17);
    expect(
      tags.filter((tag) => !/ role="(table|rowgroup|row|columnheader|rowheader|cell)"/.test(tag)),
    ).toEqual([]);
  });

  test("the list shows a URL in full, and cuts only endless URLs and reasons, of a URL the middle", async () => {
    const long = `https://ik.imagekit.io/demo/${"winter-collection/".repeat(15)}last.jpg`;
    const endless = `https://ik.imagekit.io/demo/${"winter-collection/".repeat(60)}end.jpg`;
    await submit(
      [long, endless],
      "Prices and photographs of the whole winter collection changed. ".repeat(7),
    );
    const { html } = await read("/?q=winter-collection");
    const shown = Array.from(html.matchAll(/<a [^>]*aria-label="[^"]*">(.*?)<\/a>/g), ([, text = ""]) =>
      text.replace(/<[^>]*>/g, ""),
    );
    expect(shown).toEqual([
      expect.stringMatching(/^\/winter-collection\/.*….*end\.jpg$/),
      new URL(long).pathname.slice("/demo".length),
    ]);
    expect(html).toMatch(
      /<bdi [^>]*title="Prices [^"]*">Prices and photographs of the whole winter[^<]{0,50}…</,
    );
  });

  test("the endpoint of most requests is shown once, other URLs in full", async () => {
    await submit(["http://ik.imagekit.io/demo/once/http.jpg"]);
    await submit(["https://ik.imagekit.io/demo/once/1.jpg", "https://ik.imagekit.io/demo/once/2.jpg"]);
    const { html } = await read("/?q=once");
    expect(html).toContain(`below <span class="target">https://ik.imagekit.io/demo</span>`);
    const texts = Array.from(html.matchAll(/<th scope="row".*?<\/th>/g), ([th]) =>
      th.replace(/<[^>]*>/g, ""),
    );
    expect(texts).toEqual(["/once/2.jpg", "/once/1.jpg", "http://ik.imagekit.io/demo/once/http.jpg"]);
    expect(html).toContain(`aria-label="https://ik.imagekit.io/demo/once/1.jpg"`);
  });

  test.each([
    ["URL", `https://ik.imagekit.io/demo/hostile/'onload=alert(1)&lt;b&gt;.jpg`],
    ["transformation", "https://ik.imagekit.io/demo/hostile/tr:l-text,i-&lt;b&gt;,l-end/x.jpg"],
    ["query", "https://ik.imagekit.io/demo/hostile/x.jpg?tr=&lt;b&gt;&javascript:alert(1)"],
    ["reason", "https://ik.imagekit.io/demo/hostile/y.jpg"],
  ])("markup in a %s is shown as text in the list", async (_, url) => {
    await submit([url], `<b>bold</b> "quoted" ${"and on ".repeat(60)}`);
    const { html } = await read("/?q=hostile");
    expect(html).not.toMatch(/<b>|"onload/);
    expect(html).toContain("&lt;b&gt;bold");
  });

  test("markup in the list's query is shown as text", async () => {
    const query = ["q", "state", "actor", "month", "after", "until"].map(
      (name) => `${name}="><script>x</script>`,
    );
    const { status, html } = await read(`/?${encodeURI(query.join("&"))}`);
    expect(status).toBe(200);
    expect(html).not.toContain("<script>");
    expect(html).toContain("There is no state “&quot;&gt;&lt;script&gt;x&lt;/script&gt;”");
  });

  test.each(["%00", "%FF%FE", "%ED%A0%80", "%F0%9F%91%9F", ".*+?^$()|[]%5C", "%25%25", "%22%22%22"])(
    "searching the list for odd text finds nothing and breaks nothing: %s",
    async (text) => {
      const { status, html } = await read(`/?q=${text}`);
      expect([status, rowsOf(html)]).toEqual([200, 0]);
    },
  );

  test("a search text that is too long is reported and ignored", async () => {
    await submit(["https://ik.imagekit.io/demo/short.jpg"]);
    const { html } = await read(`/?q=${"x".repeat(501)}`);
    expect(html).toContain("can have at most 500 characters");
    expect(rowsOf(html)).toBeGreaterThan(0);
  });

  test("a signed URL can be searched for, and its signature is never shown", async () => {
    await submit([signed]);
    const { html } = await read(`/?q=${encodeURIComponent(signed)}`);
    expect(rowsOf(html)).toBe(1);
    expect(html).not.toContain("0123456789abcdef");
  });

  test("filtering by month uses the quota's periods and time zone", async () => {
    const noon = time.now;
    // Still October in New York.
    time.now = Date.parse("2026-11-01T03:59:59.999Z");
    await submit(["https://ik.imagekit.io/demo/turn/october.jpg"]);
    time.now = Date.parse("2026-11-01T04:00:00.000Z");
    await submit(["https://ik.imagekit.io/demo/turn/november.jpg"]);
    time.now = noon;
    const october = await read("/?q=turn&month=2026-10");
    expect([rowsOf(october.html), october.html.includes("october.jpg")]).toEqual([1, true]);
    const november = await read("/?q=turn&month=2026-11");
    expect([rowsOf(november.html), november.html.includes("november.jpg")]).toEqual([1, true]);
    expect(november.html).toContain(`<option value="2026-11" selected="">November 2026`);
  });

  test("a refreshed list keeps its place, and counts newer requests", async () => {
    await submit(["https://ik.imagekit.io/demo/held-place/1.jpg"]);
    const { html } = await read("/?q=held-place");
    const [, address = ""] = /data-refresh-url="([^"]*)"/.exec(html) ?? [];
    time.now += 1_000;
    await submit([
      "https://ik.imagekit.io/demo/held-place/2.jpg",
      "https://ik.imagekit.io/demo/held-place/3.jpg",
    ]);
    const later = await read(address.replaceAll("&amp;", "&"));
    expect(rowsOf(later.html)).toBe(1);
    expect(later.html).toContain(">2 newer requests</a>");
    expect(rowsOf((await read("/?q=held-place")).html)).toBe(3);
  });

  test("a refreshed list makes the status checks that are due", async () => {
    await submit(["https://ik.imagekit.io/demo/checked/1.jpg"]);
    const { html } = await read("/?q=checked");
    expect(html).toContain(`class="pill state pending"`);
    const [, address = ""] = /data-refresh-url="([^"]*)"/.exec(html) ?? [];
    time.now += 10_000;
    expect((await read("/?q=checked")).html).toContain(`class="pill state pending"`);
    const later = await read(address.replaceAll("&amp;", "&"));
    expect(later.html).toContain(`class="pill state completed"`);
    // Nothing is in progress any more: it goes on slowly, for what is new.
    expect(later.html).toContain(`data-refresh-seconds="120"`);
  });

  test("a search without a match among 5,000 requests says so, and can continue with older ones", {
    tags: ["slow"],
  }, async () => {
    const { ledger, makeId, config } = app().services;
    time.now += 1_000;
    await submit(["https://ik.imagekit.io/demo/needle.jpg"]);
    const context = { endpoints: config.endpoints, profiles: [], mayUseWildcards: true };
    for (let batch = 0; batch < 51; batch++) {
      time.now += 1_000;
      const urls = Array.from({ length: 100 }, (_, i) => `https://ik.imagekit.io/demo/hay/${batch}/${i}.jpg`);
      await ledger.reserve({
        batchId: makeId("b"),
        actor: "storefront",
        onExhausted: "reject",
        lease: { token: makeId("l"), limit: 0 },
        ...nameTargets(planRequest({ urls, images: [], cover: [] }, context), () => makeId("p")),
      });
    }
    const { html } = await read("/?q=needle");
    expect(html).toContain("No match among the 5,000 newest requests");
    const [, further = ""] = /href="([^"]*)" rel="next">Search older requests/.exec(html) ?? [];
    const next = await read(further.replaceAll("&amp;", "&"));
    expect(rowsOf(next.html)).toBe(1);
  });
});

test("all links of the list stay below the base path", async () => {
  const app = await startApp({ env, app: { basePath: "/_purge" } });
  app.imagekit.answer = accepting("Pending");
  const json = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] };
  await app.call("/api/purges", { method: "POST", token: tokens.purge, json });
  const Cookie = await sessionCookie(app, tokens.read);
  const { text: html } = await app.call("?state=pending", { headers: { Cookie } });
  const links = Array.from(
    html.matchAll(/(?:href|action|src|data-refresh-url)="([^"#]*)"/g),
    ([, link]) => link,
  );
  expect(links).toContainEqual(expect.stringMatching(/^\/_purge\/purges\/p_/));
  expect(links.filter((link = "") => !/^\/_purge(?:[/?]|$)/.test(link))).toEqual([]);
  await app.close();
});
