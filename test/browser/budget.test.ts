import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { putSpending, resetDayBefore } from "../support/put-spending.ts";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";

const now = Date.now();
const resetDay = resetDayBefore(now, 13);
const fortnight = [12, 40, 0, 8, 31, 55, 20, 0, 0, 64, 23, 18, 47, 9];
const actors = { storefront: 203, "cms-hook": 88, "anna-from-the-shop": 36 };
const hostile = `"><img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

describeDashboard(
  "the budget page in Chromium",
  { env: { PURGE_QUOTA_RESET_DAY: resetDay, PURGE_SAFETY_MARGIN: "50" } },
  (dashboard) => {
    const spendFortnight = () =>
      putSpending(dashboard.redis.raw, { ledger: "sandbox", resetDay, now, days: fortnight, actors });
    const stateExternal = (external: number, reason?: string) =>
      dashboard.api("/api/budget/corrections", { external, reason });
    /** Blocks the key, so that what is submitted stays reserved. */
    const reserve = async (count: number) => {
      dashboard.imagekit.control.addFaults({ endpoint: "send", kind: 403, times: "forever" });
      const urls = Array.from({ length: count }, (_, n) => `https://ik.imagekit.io/demo/${n}.jpg`);
      await dashboard.api("/api/purges", { urls });
      await expect.poll(async () => (await (await dashboard.api("/api/budget")).json()).reserved).toBe(count);
    };

    test.each([true, false])(
      "the budget page has every figure as text (script: %s)",
      async (javaScriptEnabled) => {
        await spendFortnight();
        await reserve(3);
        await stateExternal(40, "dashboard, 3 November");
        const page = await dashboard.open("/budget", "read", { javaScriptEnabled });
        await expect
          .poll(() => figures(page))
          .toEqual({
            Spent: "327",
            "Spent elsewhere": "40",
            Reserved: "3",
            "Safety margin": "50",
            Available: "580",
            Held: "0",
          });
        const main = await page.getByRole("main").textContent();
        expect(main).toContain("580 of 1,000 units are available");
        expect(main).toMatch(/in 1\d days/);
        expect(main).toContain(`on day ${resetDay}, at midnight in UTC`);
        expect(main).toMatch(/At the average so far, 2\d(\.\d)? units a day, the budget lasts: about/);
        const actorRows = await rowsOf(page, "by the token that asked for them");
        expect(actorRows.map(([name, units]) => [name, units])).toEqual([
          ["storefront", "203"],
          ["cms-hook", "88"],
          ["anna-from-the-shop", "36"],
        ]);
        const [correction] = await rowsOf(page, "the first one counts");
        expect(correction?.slice(1)).toEqual(["admin-actor", "40", "dashboard, 3 November"]);
      },
    );

    test("the table behind the chart has the ledger's own figures, and the chart is one picture with a name", async () => {
      const { startsAt } = await spendFortnight();
      const page = await dashboard.open("/budget");
      const chart = page.getByRole("img", { name: "Units by day and forecast" });
      await expect.poll(() => chart.isVisible()).toBe(true);
      await page.getByText("Show as a table").click();
      const rows = await rowsOf(page, "on each UTC day");
      const month = await dashboard.redis.raw.hgetall(`sandbox:1:month:${startsAt}`);
      const firstDay = Math.floor(startsAt / 86_400_000);
      let inAll = 0;
      for (const [index, [, units, soFar]] of rows.entries()) {
        const stored = Number(month[`day:${firstDay + index}`] ?? 0);
        inAll += stored;
        expect([units, soFar]).toEqual([String(stored), String(inAll)]);
      }
      expect([rows.length, String(inAll)]).toEqual([fortnight.length, month["spent"]]);
    });

    test.each([true, false])(
      "an admin enters a correction by keyboard and sees the figures change (script: %s)",
      async (javaScriptEnabled) => {
        await spendFortnight();
        const page = await dashboard.open("/budget", "admin", { javaScriptEnabled });
        await page.getByLabel("Units spent elsewhere in this period").focus();
        await page.keyboard.type("120");
        await page.keyboard.press("Tab");
        await page.keyboard.type(hostile);
        await page.keyboard.press("Enter");
        await page.waitForURL(`${dashboard.url}/budget?done=corrected`);
        await expect.poll(() => page.getByRole("main").textContent()).toContain("Correction saved");
        await expect.poll(() => figures(page)).toMatchObject({ "Spent elsewhere": "120", Available: "503" });
        const [correction] = await rowsOf(page, "the first one counts");
        expect(correction?.at(-1)).toBe(hostile);
        await expect.poll(() => page.title()).toBe("Budget · Purge Desk");
        await expect
          .poll(() => page.getByLabel("Units spent elsewhere in this period").inputValue())
          .toBe("120");
        await page.reload();
        await expect.poll(() => rowsOf(page, "the first one counts")).toHaveLength(1);
      },
    );

    test("a wrong correction is explained at its field, which has the focus and what was typed", async () => {
      await spendFortnight();
      const page = await dashboard.open("/budget", "admin", { expected: /422/ });
      await page.getByLabel("Units spent elsewhere in this period").fill("about 40");
      await page.getByLabel("Reason").fill(hostile);
      await page.getByRole("button", { name: "Enter the correction" }).click();
      const field = page.getByLabel("Units spent elsewhere in this period");
      await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
      await expect.poll(() => field.inputValue()).toBe("about 40");
      await expect.poll(() => page.getByLabel("Reason").inputValue()).toBe(hostile);
      await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("external");
      await expect
        .poll(() => page.locator("#external-problem").textContent())
        .toContain("a whole number from 0 to");
      await expect.poll(() => field.getAttribute("aria-describedby")).toContain("external-problem");
      await expect.poll(() => figures(page)).toMatchObject({ "Spent elsewhere": "0" });
      await expectAccessible(page);
      await takeScreenshots(page, "budget-refused");
    });

    test("in the first month the budget page asks for units spent before, and accepts that there were none", async () => {
      const page = await dashboard.open("/budget");
      await expect
        .poll(() => page.getByRole("main").textContent())
        .toContain("Units spent before Purge Desk are not known");
      await expectAccessible(page);
      await takeScreenshots(page, "budget-first-month");
      await page.getByRole("button", { name: "Nothing was spent elsewhere" }).click();
      await page.waitForURL(`${dashboard.url}/budget?done=corrected`);
      expect(await page.getByRole("main").textContent()).not.toContain("are not known");
      expect((await rowsOf(page, "the first one counts"))[0]?.slice(2)).toEqual([
        "0",
        "Nothing was spent elsewhere",
      ]);
    });

    test("the scope purge is not offered a correction", async () => {
      const page = await dashboard.open("/budget", "purge");
      await expect
        .poll(() => page.getByRole("button", { name: /correction|spent elsewhere/i }).count())
        .toBe(0);
      await expect
        .poll(() => page.getByRole("main").textContent())
        .toContain("To enter a correction, ask an admin.");
    });

    test("if the budget will run out, an email that asks for more is ready to copy or send", async () => {
      await spendFortnight();
      await stateExternal(420);
      const page = await dashboard.open("/budget", "read", {
        permissions: ["clipboard-read", "clipboard-write"],
      });
      await expect
        .poll(() => page.getByRole("main").textContent())
        .toMatch(/the budget is used up on \d+ \w+, \d+ days before/);
      await page.getByRole("button", { name: "Copy the text" }).click();
      await expect
        .poll(() => page.evaluate("navigator.clipboard.readText()"))
        .toMatch(/may clear 1000 URL caches a month[\s\S]+747; we need \d+ more before it ends/);
      const mail = await page.getByRole("link", { name: "Write the email" }).getAttribute("href");
      expect(mail).toMatch(/^mailto:support@imagekit\.io\?subject=Request%20to%20raise/);
    });

    test("beyond the quota the budget page says by how much, and what waits", async () => {
      await spendFortnight();
      await reserve(12);
      await stateExternal(700);
      const page = await dashboard.open("/budget");
      await expect.poll(() => figures(page)).toMatchObject({ Available: "−77", Reserved: "0", Held: "12" });
      const alarm = await page.getByRole("main").getByRole("alert").textContent();
      expect(alarm).toContain("27 units more than the quota of 1,000");
      expect(alarm).toContain("12 purges wait for budget");
    });

    const situations = [
      { name: "budget", prepare: () => reserve(3) },
      { name: "budget-nearly-exhausted", prepare: () => stateExternal(560, "dashboard, 3 November") },
      { name: "budget-exhausted", prepare: () => stateExternal(623, "x".repeat(500)) },
      {
        name: "budget-over",
        prepare: async () => {
          await reserve(12);
          await stateExternal(700, hostile);
        },
      },
    ] as const;

    test.each(situations)(
      "$name is accessible in light and dark, and does not scroll sideways",
      async ({ name, prepare }) => {
        await spendFortnight();
        await prepare();
        const page = await dashboard.open("/budget");
        await page.getByText("Show as a table").click();
        await expectAccessibleInBothThemes(page);
        await expectNoSidewaysScroll(page);
        await page.getByText("Show as a table").click();
        await takeScreenshots(page, name);
      },
    );

    test("the printed budget page has the figures behind the chart, and no buttons", async () => {
      await spendFortnight();
      await stateExternal(420, "dashboard, 3 November");
      const page = await dashboard.open("/budget");
      await page.emulateMedia({ media: "print" });
      await expect.poll(() => page.getByRole("table", { name: /on each UTC day/ }).isVisible()).toBe(true);
      await expect.poll(() => page.getByRole("button").allTextContents()).toEqual([]);
      await takeScreenshots(page, "budget-print");
    });
  },
);

/** The meter's table: part → units. */
async function figures(page: Page): Promise<Readonly<Record<string, string>>> {
  const table = page.getByRole("table", { name: "The budget in units" });
  const words = await table.locator(".word").allTextContents();
  const units = await table.getByRole("cell").allTextContents();
  return Object.fromEntries(words.map((word, index) => [word, units[index] ?? ""]));
}

/** The cells of the rows in the body of the table with that caption. */
async function rowsOf(page: Page, caption: string): Promise<readonly (readonly string[])[]> {
  const rows = await page.locator("table", { hasText: caption }).locator("tbody tr").all();
  return Promise.all(
    rows.map(async (row) => (await row.locator("th, td").allTextContents()).map((text) => text.trim())),
  );
}
