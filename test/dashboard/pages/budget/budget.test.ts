import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { putSpending } from "../../../support/put-spending.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const noon = Date.parse("2026-11-15T12:00:00.000Z");

/** What a page says, without its marks. */
function wordsOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, " ");
}

describe("the budget page", () => {
  const time = { now: noon };
  let app: TestApp;
  let Cookie: string;
  beforeAll(async () => {
    app = await startApp({ time, env: { ...sessionSecret, PURGE_SAFETY_MARGIN: "50" } });
  });
  beforeEach(async () => {
    time.now = noon;
    await app.redis.flush();
    Cookie = await sessionCookie(app, tokens.admin);
  });
  afterAll(() => app.close());

  const spend = (days: readonly number[]) =>
    putSpending(app.redis.raw, { ledger: "sandbox", resetDay: "1", now: time.now, days });
  const read = async () => wordsOf((await app.call("/budget", { headers: { Cookie } })).text);
  const correct = (fields: Record<string, string>) => postForm(app, "/budget", { Cookie, fields });
  const external = async () => (await app.services.ledger.readBudget()).external;

  test.each([
    { spent: 300, says: "At the average so far, 20.7 units a day, the budget lasts: about 621 of 950" },
    { spent: 700, says: "the budget is used up on 20 Nov, 10 days before the reset on 1 Dec" },
    { spent: 930, says: "Units by day" },
    { spent: 0, says: "Nothing has been used in this period, so there is nothing to forecast" },
  ])("the budget page forecasts for $spent units in 14.5 days: $says", async ({ spent, says }) => {
    await spend([spent]);
    expect(await read()).toContain(says);
  });

  test("a correction that overdraws the month is asked about first, with the figures that would follow", async () => {
    await spend([300]);
    const asked = await correct({ external: "701", reason: "renames" });
    expect(asked.status).toBe(200);
    const words = wordsOf(asked.text);
    expect(words).toContain("Not entered yet: this overdraws the month by 51 units.");
    expect(words).toContain(
      "Of 1,000 units, 300 are spent here, 0 are reserved, 50 are kept as a margin, and 701",
    );
    expect(asked.text).toContain(`name="confirmed" value="701"`);
    expect(asked.text).toContain(`value="renames"`);
    expect(await external()).toBe(0);

    // What was confirmed is this number, and no other.
    expect((await correct({ external: "702", confirmed: "701" })).status).toBe(200);
    expect(await external()).toBe(0);
    expect((await correct({ external: "701", confirmed: "701" })).status).toBe(303);
    expect(await external()).toBe(701);
  });

  test("a correction that takes back what overdrew the month is not asked about", async () => {
    await spend([300]);
    await correct({ external: "900", confirmed: "900" });
    expect((await correct({ external: "800" })).status).toBe(303);
    expect((await correct({ external: "650" })).status).toBe(303);
    expect(await external()).toBe(650);
  });

  test.each([
    { external: 650, held: 0, says: "All 950 units that can be used are spent or reserved." },
    { external: 680, held: 0, says: "Spent and reserved units use up 30 units of the safety margin" },
    { external: 701, held: 0, says: "come to 1 unit more than the quota of 1,000" },
    { external: 9_700, held: 0, says: "come to 9,000 units more than the quota of 1,000" },
  ])(
    "the budget page explains 300 units spent and $external elsewhere: $says",
    async ({ external, says }) => {
      await spend([300]);
      const fields = { external: String(external), confirmed: String(external) };
      expect((await correct(fields)).status).toBe(303);
      const words = await read();
      expect(words).toContain("Nothing is available until 1 Dec.");
      expect(words).toContain(says);
      expect(words).toContain("0 of 1,000 units are available");
      expect(words).toContain("Ask ImageKit for more");
    },
  );

  test("the budget page counts the days to the reset in the quota's time zone", async () => {
    const berlin = await startApp({
      time,
      env: { ...sessionSecret, PURGE_QUOTA_TIME_ZONE: "Europe/Berlin", PURGE_QUOTA_RESET_DAY: "20" },
    });
    const told = async (at: string) => {
      time.now = Date.parse(at);
      const cookie = await sessionCookie(berlin, tokens.read);
      return wordsOf((await berlin.call("/budget", { headers: { Cookie: cookie } })).text);
    };
    expect(await told("2026-11-15T12:00:00Z")).toContain(
      "in 5 days: 20 November 2026, 00:00 in Europe/Berlin",
    );
    // 00:30 of the 19th there, still the 18th in UTC.
    expect(await told("2026-11-18T23:30:00Z")).toContain("tomorrow: 20 November 2026");
    expect(await told("2026-11-15T22:59:59Z")).toContain("on day 20, at midnight in Europe/Berlin");
    await berlin.close();
  });

  test.each([
    { at: "2026-10-31T23:00:00.000Z", name: "the first instant of a period that begins within a UTC day" },
    { at: "2026-11-30T22:59:59.999Z", name: "the last instant of a period" },
    { at: "2026-11-15T12:00:00.000Z", name: "the middle of a period" },
  ])("at $name the budget charts stay within their frame", async ({ at }) => {
    const time = { now: Date.parse(at) };
    const env = { ...sessionSecret, PURGE_QUOTA_TIME_ZONE: "Europe/Berlin" };
    const berlin = await startApp({ time, env });
    const cookie = await sessionCookie(berlin, tokens.admin);
    for (const external of [0, 400, 5_000]) {
      await berlin.services.ledger.correct({ external, actor: "admin" });
      const { text } = await berlin.call("/budget", { headers: { Cookie: cookie } });
      expect(text.match(/ (?:[xy][12]?|c[xy]|width|height)="(?:-|[A-Za-z])[^"]*"/g)).toBeNull();
      expect(wordsOf(text)).toContain("Budget 1 Nov to 1 Dec");
      expect(wordsOf(text)).toContain("left until 1 Dec");
      expect(wordsOf(text)).toContain("Days are UTC days. The period began during one, at 23:00.");
      const shares = Array.from(text.matchAll(/="([\d.]+)%"/g), ([, share]) => Number(share));
      expect(Math.max(...shares)).toBe(100);
    }
    await berlin.close();
  });

  test("a correction sets the units spent elsewhere, is listed, and leads back to the budget page", async () => {
    const answer = await correct({ external: "40", reason: " dashboard, 3 November " });
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/budget?done=corrected"]);
    await correct({ external: "7", reason: "" });
    expect(await external()).toBe(7);
    expect((await app.services.ledger.readMonth()).corrections).toEqual([
      { at: noon, external: 7, actor: "admin-actor" },
      { at: noon, external: 40, reason: "dashboard, 3 November", actor: "admin-actor" },
    ]);
  });

  test.each([
    { external: "forty" },
    { external: "" },
    { external: "-1" },
    { external: "1.5" },
    { external: "1e3" },
    { external: "1,000" },
    { external: "10000001" },
    { external: "9".repeat(400) },
    { external: "0x10" },
  ])(
    "a correction of '$external' units is refused at its field, which keeps it and says what is accepted",
    async (fields) => {
      const answer = await correct({ ...fields, reason: "typed <b>" });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain("Enter a whole number from 0 to 10,000,000");
      expect(answer.text).toContain(`value="${fields.external}"`);
      expect(answer.text).toContain('value="typed &lt;b&gt;"');
      expect((await app.services.ledger.readMonth()).corrections).toEqual([]);
    },
  );

  test("a correction's reason that is too long is refused at its field and kept", async () => {
    const answer = await correct({ external: "3", reason: "x".repeat(501) });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("at most 500 characters; this one has 501");
    expect(answer.text).toContain('value="3"');
    expect(answer.text).not.toContain("Enter a whole number");
    expect((await correct({ external: "3", reason: "x".repeat(500) })).status).toBe(303);
  });

  test("a signed URL in a correction's reason is masked, on the page and in the ledger", async () => {
    await correct({ external: "1", reason: "https://ik.imagekit.io/demo/a.jpg?ik-s=0123456789abcdef" });
    const masked = "https://ik.imagekit.io/demo/a.jpg?ik-s=masked";
    expect((await app.services.ledger.readMonth()).corrections).toMatchObject([{ reason: masked }]);
    const { text } = await app.call("/budget", { headers: { Cookie } });
    expect(text).toContain(masked);
    expect(text).not.toContain("0123456789abcdef");
  });

  test("without the scope admin the budget can be read, and corrections say to ask an admin", async () => {
    Cookie = await sessionCookie(app, tokens.purge);
    const { text } = await app.call("/budget", { headers: { Cookie } });
    expect(text).not.toContain('action="/budget"');
    expect(wordsOf(text)).toContain("To enter a correction, ask an admin.");
    expect(wordsOf(text)).toContain("Ask an admin to enter it.");
    expect((await correct({ external: "40" })).status).toBe(403);
    expect(await external()).toBe(0);
  });

  test("the correction form and its redirect stay below the base path", async () => {
    const mounted = await startApp({ env: sessionSecret, app: { basePath: "/_purge" } });
    const cookie = await sessionCookie(mounted, tokens.admin);
    const { text } = await mounted.call("/budget", { headers: { Cookie: cookie } });
    expect(text).toContain('action="/_purge/budget"');
    const answer = await postForm(mounted, "/budget", { Cookie: cookie, fields: { external: "1" } });
    expect(answer.headers.get("Location")).toBe("/_purge/budget?done=corrected");
    await mounted.close();
  });
});
