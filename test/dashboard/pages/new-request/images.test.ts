import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const endpoint = "https://ik.imagekit.io/demo";
const time = { now: 0 };
const shoe = (n: number) => `/products/autumn/shoe-${n}.jpg`;
const shoes = (count: number) => Array.from({ length: count }, (_, n) => shoe(n));

describe("images in a new request without a script", () => {
  let app: TestApp;
  const cookies = { admin: "", purge: "" };
  let keys = 0;
  beforeEach(async () => {
    time.now = Date.parse("2026-11-24T03:00:00Z");
    app = await startApp({ time, env: { ...sessionSecret, IMAGEKIT_URL_ENDPOINTS: endpoint } });
    cookies.admin = await sessionCookie(app, tokens.admin);
    cookies.purge = await sessionCookie(app, tokens.purge);
    await app.services.ledger.changeProfile({
      name: "shop",
      profile: {
        name: "shop",
        paths: ["/products/"],
        endpoints: [endpoint],
        transformations: ["tr:w-400", "tr:w-800"],
      },
      expectedVersion: 0,
      actor: "anna",
    });
  });
  afterEach(() => app.close());

  const post = async (
    lines: readonly string[],
    fields: Readonly<Record<string, string>> = {},
    as: keyof typeof cookies = "admin",
  ) => {
    keys += 1;
    const key = `o_${String(keys).padStart(26, "0")}`;
    const all = { key, urls: lines.join("\n"), intent: "check", ...fields };
    const { status, text, headers } = await postForm(app, "/new", { fields: all, Cookie: cookies[as] });
    // What several batches send goes on after the answer.
    await Promise.all(app.background.splice(0));
    return { status, text, key, location: headers.get("Location") ?? "" };
  };
  const submit = (lines: readonly string[], fields: Readonly<Record<string, string>> = {}) =>
    post(lines, { intent: "submit", ...fields });
  const purged = () => app.imagekit.purged.map((body): string => JSON.parse(body).url).sort();
  const view = async (path: string) => (await app.call(path, { headers: { Cookie: cookies.admin } })).text;

  test("images and URLs can be mixed, and each line says what it was taken for, what it clears and what it costs", async () => {
    const { text } = await post([
      `${endpoint}/other/a.jpg`,
      shoe(1),
      "/products/..%2Fx",
      `${endpoint}/b.jpg`,
    ]);
    expect(text).toContain("These look like 2 images and 2 URLs");
    expect(text).toContain("3 ready, 1 to fix, costs 5 units.");
    const rows = text.match(/<li class="line-verdict.*?<\/li>(?=<li class="line-verdict|<\/ol>)/gs) ?? [];
    expect(rows[1]).toContain("<strong>Ready</strong> 3 units");
    expect(rows[1]).toContain("3 URLs, by the profile shop");
    expect(rows[1]).toContain(">tr:w-800</mark>");
    expect(rows[2]).toContain("<strong>To fix</strong>");
    expect(text).toContain("1 image here has 3 URLs, because pages use path transformations.");
    const refused = await submit([`${endpoint}/other/a.jpg`, shoe(1), "/products/..%2Fx"]);
    expect(refused.text).toContain("Fix line 3, or choose to skip it.");
    expect(purged()).toEqual([]);
  });

  test("an image is purged under all of its URLs, and its batch shows one row that is done when all are", async () => {
    const { status, location } = await submit([shoe(1)]);
    expect(status).toBe(303);
    expect(purged()).toEqual([
      `${endpoint}${shoe(1)}*`,
      `${endpoint}/tr:w-400${shoe(1)}*`,
      `${endpoint}/tr:w-800${shoe(1)}*`,
    ]);
    const page = await view(location);
    expect(page).toContain("Batch of 1 line<");
    expect(page).toContain("of 3 URLs completed");
    expect(page.match(/id="line-\d+"/g)).toHaveLength(1);
  });

  test("URLs of an image whose profile has more offer the whole image with its price, and one click takes it", async () => {
    const urls = [`${endpoint}/tr:w-400${shoe(1)}`, `${endpoint}${shoe(1)}`];
    const { text } = await post(urls);
    expect(text).toContain(`The image ${shoe(1)} has 3 URLs on your pages.`);
    expect(text).toContain("Clear the whole image for 3 units");
    const whole = await post(urls, { intent: "whole-images" });
    expect(whole.text).toMatch(/name="naming" value="images" checked/);
    expect(whole.text).toContain("costs 3 units.");
    expect((await post([`${endpoint}/no-profile/x.jpg`])).text).not.toContain("Clear the whole image");
    expect((await post(urls, { naming: "urls" })).text).not.toContain("Clear the whole image");
  });

  test("a folder is offered with its price before and after, accepted with one click, and undone with one", async () => {
    const { text } = await post(shoes(10));
    expect(text).toContain("Clear the folder /products/autumn/: 3 units instead of 30.");
    expect(text).toContain(
      "Other images in the folder may be cleared too; ImageKit then fetches them again.",
    );
    expect(text).toContain('name="accept" value="/products/autumn/"');

    const accepted = await post(shoes(10), { intent: "", accept: "/products/autumn/" });
    expect(accepted.text).toContain(
      "What you asked for in /products/autumn/ is cleared together, for 3 units.",
    );
    expect(accepted.text).toContain('name="cover.0" value="/products/autumn/"');
    expect(accepted.text).toContain("10 repeated or covered, costs 3 units.");

    const cover = { "cover.0": "/products/autumn/" };
    const undone = await post(shoes(10), { intent: "", undo: "/products/autumn/", ...cover });
    expect(undone.text).toContain("10 ready, costs 30 units.");
    expect(undone.text).not.toContain('name="cover.0"');

    const { location } = await submit(shoes(10), cover);
    expect(purged()).toHaveLength(3);
    expect((await view(location)).match(/id="line-\d+"/g)).toHaveLength(10);
  });

  test("people who may not purge wildcards see the price of a folder and whom to ask, and cannot accept it", async () => {
    const { text } = await post(shoes(10), {}, "purge");
    expect(text).toContain("Clearing the folder /products/autumn/ would cost 3 units instead of 30.");
    expect(text).toContain("ask an admin to submit it");
    expect(text).not.toContain('name="accept"');
    const forced = await post(shoes(10), { intent: "submit", "cover.0": "/products/autumn/" }, "purge");
    expect(forced.status).toBe(403);
    expect(forced.text).toContain("Clearing a whole folder needs the scope wildcard");
    expect(purged()).toEqual([]);
  });

  test("a folder that saves nothing is accepted without effect, and the page says so", async () => {
    const { text } = await post([shoe(1)], { "cover.0": "/elsewhere/" });
    expect(text).toContain(
      "Clearing the folder /elsewhere/ would save nothing now, so each line is cleared on its own.",
    );
    expect(text).toContain("costs 3 units.");
  });

  test("more than 100 purges are submitted as several batches, which one page follows", async () => {
    const refused = await submit(shoes(40));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("These lines make 120 purges, and a batch can have at most 100.");
    expect(refused.text).toContain('value="split"');
    const { status, location, key } = await post(shoes(40), { intent: "split" });
    expect([status, location]).toEqual([303, expect.stringMatching(/^\/batches\?id=b_\w+&id=b_\w+$/)]);
    expect(purged()).toHaveLength(120);
    expect(await view(location)).toContain("2 batches of 40 lines");
    const again = await post(shoes(40), { intent: "split", key });
    expect(again.location).toBe(location);
    expect(purged()).toHaveLength(120);
  });

  test("a cover of a split request is sent once, and only what lies outside it besides", async () => {
    const lines = [...shoes(90), ...Array.from({ length: 35 }, (_, n) => `/products/winter/boot-${n}.jpg`)];
    const { location } = await post(lines, { intent: "split", "cover.0": "/products/autumn/" });
    expect(location).toMatch(/^\/batches\?id=/);
    expect(purged()).toHaveLength(3 + 35 * 3);
    expect(purged().filter((url) => url.includes("/autumn/"))).toHaveLength(3);
  });

  test("where the budget ends among the wildcards of accepted folders, the form keeps the lines that they clear", async () => {
    const folders = ["autumn", "spring", "winter"];
    const transformations = [`tr:w-{${Array.from({ length: 49 }, (_, n) => n + 1).join()}}`];
    const profile = { name: "many", paths: ["/many/"], endpoints: [endpoint], transformations };
    await app.services.ledger.changeProfile({ name: "many", profile, expectedVersion: 1, actor: "anna" });
    await app.services.ledger.correct({ external: 880, actor: "anna", reason: "spent elsewhere" });
    const lines = folders.flatMap((folder) => [`/many/${folder}/a.jpg`, `/many/${folder}/b.jpg`]);
    const cover = Object.fromEntries(folders.map((folder) => [`cover.${folder}`, `/many/${folder}/`]));
    const { status, text } = await post(lines, { intent: "split", ...cover });
    expect([status, purged().length]).toEqual([429, 100]);
    expect(/<textarea[^>]*name="urls"[^>]*>([^<]*)/.exec(text)?.[1]?.trim().split("\n")).toEqual(
      lines.slice(4),
    );
  });

  test("an image that is sent although it is probably a mistake is sent by several batches too, without what a URL clears", async () => {
    const mistake = "/products/undefined.jpg";
    const url = `${endpoint}/tr:w-400${mistake}*`;
    const anyway = { "anyway.0": mistake, "anyway.1": url };
    const { status, location } = await post([url, mistake, ...shoes(40)], { intent: "split", ...anyway });
    expect([status, location]).toEqual([303, expect.stringContaining("/batches?")]);
    expect(purged().filter((one) => one.includes("undefined"))).toEqual([
      `${endpoint}${mistake}*`,
      url,
      `${endpoint}/tr:w-800${mistake}*`,
    ]);
  });

  test("a request for later is scheduled in UTC, listed as such, and can be cancelled", async () => {
    const { location } = await submit([shoe(1)], { sending: "later", sendAfter: "2026-11-27T08:00" });
    expect(purged()).toEqual([]);
    const batch = await view(location);
    expect(batch).toMatch(/Scheduled for <time datetime="2026-11-27T08:00:00.000Z"/);
    const list = await view("/?state=scheduled");
    expect(list.match(/class="request-row"/g)).toHaveLength(3);
    expect(list).toContain("3 scheduled");
    const cancelled = await postForm(app, `${location}/cancel`, { Cookie: cookies.admin });
    expect(cancelled.status).toBe(303);
    expect(await view(location)).toContain("1 cancelled");
    expect((await view("/?state=scheduled")).match(/class="request-row"/g)).toBeNull();
  });

  test.each([
    ["in the past", "2026-11-24T02:59", "The send time: is in the past"],
    ["too far ahead", "2026-12-26T08:00", "The send time: is more than 31 days ahead"],
    ["missing", "", "The send time"],
  ])("a send time that is %s is refused in words, and nothing is charged", async (_, sendAfter, words) => {
    for (const intent of ["check", "submit", "split"]) {
      const { status, text } = await post([shoe(1)], { intent, sending: "later", sendAfter });
      expect(status).toBe(422);
      expect(text).toContain(words);
      expect(text).toContain(shoe(1));
    }
    expect((await app.services.ledger.readBudget()).reserved).toBe(0);
  });

  test("a scheduled request does not ask when the image changed: it shares nothing that was sent before", async () => {
    await submit([shoe(1)]);
    time.now += 60_000;
    expect((await post([shoe(1)])).text).toMatch(/<fieldset class="changed-at" data-changed-at/);
    const later = { sending: "later", sendAfter: "2026-11-27T08:00" };
    const { text } = await post([shoe(1)], { ...later, changed: "before", changedAt: "2026-11-24T02:00" });
    expect(text).toMatch(/<fieldset class="changed-at" hidden=""/);
    expect(text).toContain("costs 3 units.");
  });

  test("a request with a pause waits for it, and one without sends it at once", async () => {
    const { location } = await submit([shoe(1)], { sending: "settle", settleSeconds: "300" });
    expect(purged()).toEqual([]);
    expect(await view(location)).toContain("Waiting for more changes until");
    await submit([shoe(1)]);
    expect(purged()).toHaveLength(3);
  });
});
