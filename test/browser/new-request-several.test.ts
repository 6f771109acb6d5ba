import { expect, test } from "vitest";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";
import { image, urls, visible } from "./request-form.ts";

describeDashboard(
  "a new request for more than there is",
  {
    settings: { pendingMs: "never" },
    env: { PURGE_MONTHLY_QUOTA: "250" },
  },
  (dashboard) => {
    const lines = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => image(`${name}-${index}.jpg`));

    /** Leaves 38 of the 250 units. */
    const spendMost = () => dashboard.api("/api/budget/corrections", { external: 212 });

    test("too many lines become several batches without repeats, and Back submits nothing twice", async () => {
      const page = await dashboard.open("/new", "admin");
      await urls(page).fill([...lines("many", 212), ...lines("many", 18)].join("\n"));
      const submit = page.getByRole("button", { name: "Submit 3 batches for 212 units together" });
      await expect.poll(() => submit.isEnabled()).toBe(true);
      await visible(page, "212 ready, 18 repeated or covered, costs 212 units");
      await expectAccessibleInBothThemes(page);
      await takeScreenshots(page, "new-split");

      await submit.dblclick();
      await page.waitForURL(/\/batches\?id=b_\w+&id=b_\w+&id=b_\w+$/);
      await visible(page, "3 batches of 212 lines");
      await visible(page, "212 units together");
      await expect.poll(() => dashboard.imagekit.control.totals("send").accepted).toBe(212);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "new-split-done");

      const shown = page.url();
      await page.goBack();
      await urls(page).fill([...lines("many", 212), ...lines("many", 18)].join("\n"));
      // What is sent already is paid: to the form alone it looks like too little budget.
      await visible(page, "This needs 212 units and 38 are left");
      await page.evaluate(`{
      const submit = document.querySelector("[data-submit]");
      submit.disabled = false;
      submit.click();
    }`);
      await page.waitForURL(shown);
      expect(dashboard.imagekit.control.totals("send").accepted).toBe(212);
    });

    test("several batches cannot be submitted if the budget does not cover them", async () => {
      await spendMost();
      const page = await dashboard.open("/new", "admin");
      await urls(page).fill(lines("beyond", 139).join("\n"));
      await visible(page, "This needs 139 units and 38 are left");
      await visible(page, "Confirmed by the server. Nothing is charged until you submit.");
      const submit = page.getByRole("button", { name: "Submit 2 batches for 139 units together" });
      await expect.poll(() => submit.isDisabled()).toBe(true);
      await page.getByLabel(/until there is budget/).check();
      await expect.poll(() => submit.isEnabled()).toBe(true);
      await expect.poll(() => submit.textContent()).toMatch(/together: 38 now, 101 on 1 \w{3}$/);
    });

    test("without enough budget the form says so before you submit, and offers to hold the rest", async () => {
      await spendMost();
      const page = await dashboard.open("/new", "admin");
      await urls(page).fill(lines("short", 60).join("\n"));
      await visible(page, "This needs 60 units and 38 are left");
      await takeScreenshots(page, "new-short");
      await page.getByLabel(/until there is budget/).check();
      const submit = page.getByRole("button", { name: /^Submit 38 now, 22 on 1 \w{3}$/ });
      await expect.poll(() => submit.isDisabled()).toBe(false);
    });

    test("without a script a refusal offers the email that asks for a higher quota", async () => {
      await spendMost();
      const page = await dashboard.open("/new", "admin", { javaScriptEnabled: false, expected: /4\d\d/ });
      await urls(page).fill(lines("short", 60).join("\n"));
      await page.getByRole("button", { name: "Submit" }).click();
      await expect
        .poll(() => page.getByRole("alert").textContent())
        .toContain("This needs 60 units, and 38 of the month's");
      await page.getByText("An email that asks ImageKit").click();
      await expect.poll(() => page.getByText("Could you please raise our quota").isVisible()).toBe(true);
      await takeScreenshots(page, "new-exhausted-without-script");
      await urls(page).fill(lines("short", 230).join("\n"));
      await page.getByRole("button", { name: "Submit" }).click();
      await expect
        .poll(() => page.getByRole("alert").textContent())
        .toContain("submit them as several batches");
      await expect.poll(() => urls(page).inputValue()).toContain("short-229.jpg");

      await page.getByLabel(/until there is budget/).check();
      await page.getByRole("button", { name: "Submit as several batches" }).click();
      await expect
        .poll(() => page.getByRole("heading", { level: 1 }).textContent())
        .toBe("3 batches of 230 lines");
      await takeScreenshots(page, "several-without-script");
    });
  },
);
