import { expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, look } from "./look.ts";
import { completeAtImageKit, impatient, submitTo, textOf, untilShown, urlOf } from "./submitting.ts";

describeDashboard("watching", { settings: { pendingMs: "never" } }, (dashboard) => {
  test.each([true, false])(
    "a batch's page tells its way from accepted to Completed in plain words (script: %s)",
    async (javaScriptEnabled) => {
      const names = [`a-${javaScriptEnabled}.jpg`, `tr:w-400,h-300/autumn/shoe-${javaScriptEnabled}.jpg`];
      const { path, purge } = await submitTo(dashboard, names, { reason: "new autumn photo" });
      const page = await dashboard.open(path, "read", { javaScriptEnabled });
      await expect.poll(() => textOf(page)).toContain("0 of 2 completed");
      await expect.poll(() => page.getByText("Reload the page").isVisible()).toBe(!javaScriptEnabled);
      await completeAtImageKit(dashboard, names.map(urlOf));
      await untilShown(dashboard, page, "2 of 2 completed");
      const line = page.locator("#line-1");
      await line.locator("summary").first().click();
      await expect
        .poll(() => line.textContent())
        .toMatch(/ImageKit accepted it at .*, checked .*, Completed at /);
      await expect.poll(() => line.getByRole("listitem").count()).toBeGreaterThan(2);
      if (javaScriptEnabled) await look(page, "completed");
      await line.getByRole("link", { name: "All about this purge" }).click();
      await page.waitForURL(`${dashboard.url}${purge}`);
      await expect.poll(() => textOf(page)).toContain("ImageKit’s request id");
      await expect
        .poll(() => page.getByRole("button", { name: "Copy ImageKit’s request id" }).isVisible())
        .toBe(javaScriptEnabled);
      if (javaScriptEnabled) await look(page, "purge-completed");
    },
  );

  test("hostile URLs and reasons stay text on the pages of a batch and a purge", async () => {
    const attack = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
    const { path, purge } = await submitTo(
      dashboard,
      [`a.jpg?x=${encodeURIComponent(attack)}`, `${attack}*x`],
      {
        reason: attack,
        onInvalid: "skip",
      },
    );
    for (const where of [path, purge]) {
      const page = await dashboard.open(where);
      page.on("dialog", () => expect.fail("the page ran it"));
      await expect.poll(() => textOf(page)).toContain("<script>alert(2)</script>");
      await expect.poll(() => page.locator("main img, main script").count()).toBe(0);
      await expectNoSidewaysScroll(page);
    }
  });

  test("a batch of 100 lines can show only its open lines", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `products/2026/autumn/shoe-${index}.jpg`);
    const { path } = await submitTo(dashboard, names);
    await completeAtImageKit(dashboard, names.slice(0, 97).map(urlOf));
    // Each reading asks ImageKit about some of the purges, and a page of 100 lines is slow to load many times.
    await expect
      .poll(async () => {
        dashboard.passTime(6_000);
        const { purges } = await (await dashboard.api(`/api${path}`)).json();
        return purges.filter(({ state }: { readonly state: string }) => state === "completed").length;
      }, impatient)
      .toBe(97);
    const page = await dashboard.open(path);
    await expect.poll(() => textOf(page)).toContain("97 of 100 completed, 3 pending");
    await look(page, "hundred");
    await page.getByRole("link", { name: "Not completed (3)" }).click();
    await expect.poll(() => page.locator("#lines > li").count()).toBe(3);
  });

  test("the tab's title follows a batch without a reload", async () => {
    const names = ["title/a.jpg", "title/b.jpg"];
    const { path } = await submitTo(dashboard, names);
    const page = await dashboard.open(path, "admin", { isAlone: true });
    await page.clock.install();
    await page.reload();
    await expect.poll(() => page.title()).toMatch(/^\(0\/2\) /);
    await completeAtImageKit(dashboard, names.map(urlOf));
    await expect
      .poll(async () => {
        dashboard.passTime(6_000);
        await page.clock.fastForward(6_000);
        return page.title();
      }, impatient)
      .toMatch(/^\(2\/2\) /);
  });

  test.each([true, false])(
    "what waits of a batch is cancelled after a question, and can be purged again (script: %s)",
    async (javaScriptEnabled) => {
      dashboard.imagekit.control.addFaults({ endpoint: "send", kind: 401, times: "forever" });
      const names = ["a", "b", "c"].map((name) => `cancelled/${javaScriptEnabled}/${name}.jpg`);
      const { path } = await submitTo(dashboard, names, { reason: "by mistake" });
      const page = await dashboard.open(path, "admin", { javaScriptEnabled });
      await page.getByText("Cancel 3 purges not sent yet").click();
      if (javaScriptEnabled) await look(page, "cancel-all");
      await page.getByRole("button", { name: "Yes, cancel 3 purges" }).click();
      await page.waitForURL(/done=cancelled-all/);
      await expect.poll(() => textOf(page)).toContain("Cancelled: 3 purges.");
      await expect.poll(() => textOf(page)).toContain("3 units, 3 returned");
      if (javaScriptEnabled) await look(page, "cancelled-all");
      await page.getByRole("button", { name: "Purge 3 lines again for 3 units" }).click();
      await page.waitForURL(/\/new/);
      const typed = await page.locator("textarea[name=urls]").inputValue();
      expect(typed.split("\n")).toEqual(names.map(urlOf));
      await expect.poll(() => page.locator("[name=reason]").inputValue()).toBe("by mistake");
    },
    60_000,
  );

  test("a missing batch's page says that it may have expired", async () => {
    const page = await dashboard.open("/batches/b_00000000000000000000000000", "read", { expected: /404/ });
    await expect.poll(() => textOf(page)).toContain("longer ago than the retention time");
  });
});
