import { expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { look } from "./look.ts";
import { submitTo, textOf } from "./submitting.ts";

describeDashboard("acting on a purge in Chromium", { settings: { pendingMs: "never" } }, (dashboard) => {
  test.each([true, false])(
    "one unknown purge is resent and another closed, each with its price (script: %s)",
    async (javaScriptEnabled) => {
      dashboard.imagekit.control.addFaults({
        endpoint: "send",
        kind: "reset-after-processing",
        urlContains: `doubt-${javaScriptEnabled}`,
        times: 2,
      });
      const names = [`doubt-${javaScriptEnabled}-1.jpg`, `doubt-${javaScriptEnabled}-2.jpg`];
      const { path, purge } = await submitTo(dashboard, names);
      const page = await dashboard.open(purge, "admin", { javaScriptEnabled });
      await expect.poll(() => textOf(page)).toContain("Its unit stays spent either way");
      await page.locator("summary", { hasText: "Resend for 1 unit" }).focus();
      await page.keyboard.press("Enter");
      await expect
        .poll(() => page.locator("form").allTextContents())
        .toContainEqual(expect.stringMatching(/This costs 1 unit; \d+ left\./));
      if (javaScriptEnabled) await look(page, "unknown");
      await page.getByRole("button", { name: "Yes, resend for 1 unit" }).press("Enter");
      await page.waitForURL(/done=resent/);
      await expect
        .poll(() => textOf(page))
        .toMatch(/(?:It will be sent once more|It was resent), for a second unit\./);
      if (javaScriptEnabled) await look(page, "resent");

      await page.goto(dashboard.url + path);
      await page.locator("#line-2 summary").first().press("Enter");
      await page.locator("#line-2").locator("summary", { hasText: "Close" }).press("Enter");
      await page.getByRole("button", { name: "Yes, close it" }).press("Enter");
      await page.waitForURL(/done=closed/);
      await expect
        .poll(() => page.locator("#line-2").textContent())
        .toContain("Closed. The units it cost stay spent.");
      if (javaScriptEnabled) await look(page, "closed");
    },
  );

  test("an action that comes too late says so, and shows the purge as it is now", async () => {
    dashboard.imagekit.control.addFaults({
      endpoint: "send",
      kind: "reset-after-processing",
      urlContains: "late",
    });
    await submitTo(dashboard, ["well.jpg"]);
    const { purge } = await submitTo(dashboard, ["late.jpg"]);
    const page = await dashboard.open(purge, "admin", { expected: /409/ });
    await dashboard.api(`/api${purge}/resend`, {});
    await page.locator("summary", { hasText: "Close" }).press("Enter");
    await page.getByRole("button", { name: "Yes, close it" }).press("Enter");
    await page.getByRole("alert").waitFor();
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toContain("you can close only a purge that is unknown or overdue");
    await look(page, "conflict");
  });

  test("a purge that waits for ImageKit's rate limit is cancelled by keyboard, after a confirmation", async () => {
    dashboard.imagekit.control.addFaults({ endpoint: "send", kind: 429, times: "forever", resetMs: 600_000 });
    const { path } = await submitTo(dashboard, ["cancel-1.jpg", "cancel-2.jpg"], { as: "purge" });
    const page = await dashboard.open(path, "purge");
    await page.locator("#line-2 summary").first().focus();
    await page.keyboard.press("Enter");
    await page.locator("#line-2").getByText("Cancel", { exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#line-2").getByText("Its unit is free again.").waitFor();
    await look(page, "cancel");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/done=cancelled.*#line-2$/);
    const line = page.locator("#line-2");
    await expect.poll(() => line.textContent()).toContain("Cancelled. It will not be sent.");
    await expect.poll(() => line.locator("details").first().getAttribute("open")).not.toBeNull();
    await expect.poll(() => page.locator("#line-1 .state").first().textContent()).toBe("Queued");
    await look(page, "cancelled");
    await page.reload();
    await expect.poll(() => line.textContent()).toContain("Cancelled. It will not be sent.");
  });
});

describeDashboard("watching, without budget", { env: { PURGE_MONTHLY_QUOTA: "1" } }, (dashboard) => {
  test("a held purge says until when, and can be cancelled", async () => {
    const { path } = await submitTo(dashboard, ["now.jpg", "later.jpg"], { onExhausted: "hold" });
    const page = await dashboard.open(path);
    const line = page.locator("#line-2");
    await line.locator("summary").first().click();
    await expect.poll(() => line.textContent()).toContain("as soon as a unit is free. The month ends on");
    await look(page, "held");
    await line.getByText("Cancel", { exact: true }).click();
    await line.getByRole("button", { name: "Yes, cancel it" }).click();
    await page.waitForURL(/done=cancelled/);
    await expect.poll(() => line.locator(".state").first().textContent()).toBe("Cancelled");
  });
});
