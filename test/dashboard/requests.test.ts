import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nameTargets } from "../../src/name-targets.ts";
import { planLines } from "../../src/rules/plan.ts";
import { signed, startApp, type TestApp, tokens } from "../support/app.ts";
import { sessionCookie, sessionSecret } from "./session.ts";

const time = { now: Date.parse("2026-11-15T12:00:00.000Z") };
const env = {
  ...sessionSecret,
  PURGE_MONTHLY_QUOTA: "20000",
  // Midnight there is 05:00 UTC.
  PURGE_QUOTA_TIME_ZONE: "America/New_York",
};

describe("the list of requests", () => {
  let app: TestApp;
  let Cookie: string;
  beforeAll(async () => {
    app = await startApp({ env, time });
    Cookie = await sessionCookie(app, tokens.admin);
  });
  afterAll(() => app?.close());

  const read = async (path: string) => {
    const { status, text } = await app.call(path, { headers: { Cookie } });
    return { status, html: text };
  };
  const submit = async (urls: readonly string[], reason?: string) => {
    const json = { urls, ...(reason !== undefined && { reason }) };
    const answer = await app.call("/api/purges", { method: "POST", token: tokens.admin, json });
    expect(answer.status).toBe(202);
  };
  const rowsOf = (html: string) => html.match(/<tr id="p_/g)?.length ?? 0;

  test("fifty rows with URLs as shops have them take less than 30 kB", async () => {
    const urls = Array.from(
      { length: 60 },
      (_, i) =>
        `https://ik.imagekit.io/demo/tr:w-${400 + i},h-400,fo-auto/catalog/autumn-2026/womens-shoes/runner-${i}-front-large@2x.jpg`,
    );
    for (const { length } of urls) expect([length >= 80, length <= 120]).toEqual([true, true]);
    await submit(urls, "New photos for the autumn campaign");
    const { html } = await read("/");
    expect(rowsOf(html)).toBe(50);
    expect(new TextEncoder().encode(html).length).toBeLessThan(30_000);
  });

  test("fifty rows with the longest reasons and long URLs take less than 30 kB too", async () => {
    const urls = Array.from(
      { length: 60 },
      (_, i) =>
        `https://ik.imagekit.io/demo/tr:w-400,h-400/${"winter-collection/".repeat(15)}${i}.jpg?tr=w-200`,
    );
    await submit(
      urls,
      "Prices and photographs of the whole winter collection changed. ".repeat(8).slice(0, 500),
    );
    const { html } = await read("/");
    expect(rowsOf(html)).toBe(50);
    expect(new TextEncoder().encode(html).length).toBeLessThan(30_000);
  });

  test.each([
    ["URL", `https://ik.imagekit.io/demo/hostile/"onload=alert(1)><b>.jpg`],
    ["transformation", "https://ik.imagekit.io/demo/hostile/tr:l-text,i-<b>,l-end/x.jpg"],
    ["query", "https://ik.imagekit.io/demo/hostile/x.jpg?tr=<b>&javascript:alert(1)"],
    ["reason", "https://ik.imagekit.io/demo/hostile/y.jpg"],
  ])("markup in a %s is text", async (_, url) => {
    await submit([url], `<b>bold</b> "quoted" ${"and on ".repeat(60)}`);
    const { html } = await read("/?q=hostile");
    expect(html).not.toMatch(/<b>|"onload/);
    expect(html).toContain("&lt;b&gt;bold");
  });

  test("markup that is searched for, or asked for by hand, is text", async () => {
    const query = ["q", "state", "actor", "month", "after", "until"].map(
      (name) => `${name}="><script>x</script>`,
    );
    const { status, html } = await read(`/?${encodeURI(query.join("&"))}`);
    expect(status).toBe(200);
    expect(html).not.toContain("<script>");
    expect(html).toContain("There is no state “&quot;&gt;&lt;script&gt;x&lt;/script&gt;”");
  });

  test.each(["%00", "%FF%FE", "%ED%A0%80", "%F0%9F%91%9F", ".*+?^$()|[]%5C", "%25%25", "%22%22%22"])(
    "searching for odd text finds nothing, and breaks nothing: %s",
    async (text) => {
      const { status, html } = await read(`/?q=${text}`);
      expect([status, rowsOf(html)]).toEqual([200, 0]);
    },
  );

  test("too long a text is told and left out", async () => {
    await submit(["https://ik.imagekit.io/demo/short.jpg"]);
    const { html } = await read(`/?q=${"x".repeat(501)}`);
    expect(html).toContain("may have up to 500 characters");
    expect(rowsOf(html)).toBeGreaterThan(0);
  });

  test("a signed URL can be searched for, and its signature is shown nowhere", async () => {
    await submit([signed]);
    const { html } = await read(`/?q=${encodeURIComponent(signed)}`);
    expect(rowsOf(html)).toBe(1);
    expect(html).not.toContain("0123456789abcdef");
  });

  test("a month is the quota's, in the quota's time zone", async () => {
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

  test("the page that refreshes itself stays where it is, and tells what came since", async () => {
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

  test("the page that refreshes itself makes the status checks that are due", async () => {
    await submit(["https://ik.imagekit.io/demo/checked/1.jpg"]);
    const { html } = await read("/?q=checked");
    expect(html).toContain(`class="state pending"`);
    const [, address = ""] = /data-refresh-url="([^"]*)"/.exec(html) ?? [];
    time.now += 10_000;
    expect((await read("/?q=checked")).html).toContain(`class="state pending"`);
    const later = await read(address.replaceAll("&amp;", "&"));
    expect(later.html).toContain(`class="state completed"`);
    expect(later.html).not.toContain("data-refresh-seconds");
  });

  test("a search that looked at 5,000 requests and found none says so, and goes on further back", {
    tags: ["slow"],
  }, async () => {
    const { ledger, makeId, config } = app.services;
    time.now += 1_000;
    await submit(["https://ik.imagekit.io/demo/needle.jpg"]);
    for (let batch = 0; batch < 51; batch++) {
      time.now += 1_000;
      const urls = Array.from({ length: 100 }, (_, i) => `https://ik.imagekit.io/demo/hay/${batch}/${i}.jpg`);
      await ledger.reserve({
        batchId: makeId("b"),
        actor: "storefront",
        onExhausted: "reject",
        lease: { token: makeId("l"), limit: 0 },
        ...nameTargets(planLines(urls, config.endpoints), () => makeId("p")),
      });
    }
    const { html } = await read("/?q=needle");
    expect(html).toContain("Nothing among the 5,000 newest requests");
    const [, further = ""] = /href="([^"]*)" rel="next">Search further back/.exec(html) ?? [];
    const next = await read(further.replaceAll("&amp;", "&"));
    expect(rowsOf(next.html)).toBe(1);
  });
});

test("below a base path all links stay there", async () => {
  const app = await startApp({ env, app: { basePath: "/_purge" } });
  const Cookie = await sessionCookie(app, tokens.read);
  const { text: html } = await app.call("/?state=pending", { headers: { Cookie } });
  const links = Array.from(
    html.matchAll(/(?:href|action|src|data-refresh-url)="([^"#]*)"/g),
    ([, link]) => link,
  );
  expect(links.filter((link) => !link?.startsWith("/_purge/"))).toEqual([]);
  await app.close();
});
