import { expect, test } from "vitest";
import { expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { takeScreenshots } from "./look.ts";
import { image, row, said, submitButton, urls, visible } from "./request-form.ts";

describeDashboard("a new request", { settings: { pendingMs: "never" } }, (dashboard) => {
  test("without a script a request can be checked and submitted", async () => {
    const page = await dashboard.open("/new", "purge", { javaScriptEnabled: false, expected: /422/ });
    await urls(page).fill(`${image("plain.jpg")}\n\nnonsense`);
    await page.getByLabel(/Reason/).fill("new photo");
    await page.getByRole("button", { name: "Check" }).click();
    await expect.poll(() => row(page, 2).textContent()).toContain("To fix");
    await expect.poll(() => page.getByText("1 unit", { exact: true }).count()).toBe(1);
    expect(dashboard.imagekit.control.byUrl().get(image("plain.jpg"))).toBeUndefined();
    await takeScreenshots(page, "new-checked-without-script");

    await submitButton(page).click();
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toContain("Nothing was submitted or charged");
    await expect.poll(() => page.getByLabel(/Reason/).inputValue()).toBe("new photo");
    await page.getByLabel(/Skip lines that cannot be purged/).check();
    await submitButton(page).click();
    await page.waitForURL(/\/batches\/b_/);
    expect(dashboard.imagekit.control.byUrl().get(image("plain.jpg"))?.accepted).toBe(1);
  });

  test.each([true, false])(
    "going back and submitting the same again gives the same batch (script: %s)",
    async (javaScriptEnabled) => {
      const url = image(`back-${javaScriptEnabled}.jpg`);
      const page = await dashboard.open("/new", "purge", { javaScriptEnabled });
      await urls(page).fill(url);
      await submitButton(page).click();
      await page.waitForURL(/\/batches\/b_/);
      const batch = page.url();
      await page.goBack();
      await urls(page).fill(url);
      await submitButton(page).click();
      await page.waitForURL(batch);
      expect(dashboard.imagekit.control.byUrl().get(url)?.accepted).toBe(1);
    },
  );

  test("the dialog of a new request works by keyboard alone, keeps a draft, and returns the focus", async () => {
    const page = await dashboard.open("/");
    await page.getByRole("link", { name: "New request" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "New request" });
    await expect.poll(() => page.evaluate("document.activeElement.name")).toBe("urls");
    await page.keyboard.type(image("by-keyboard.jpg"));
    await said(page, 1).toContain("Ready");
    await expectAccessibleInBothThemes(page);
    await takeScreenshots(page, "new-dialog");
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.isVisible()).toBe(false);
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("new-request");

    await page.keyboard.press("Enter");
    await expect.poll(() => urls(page).inputValue()).toBe(image("by-keyboard.jpg"));
    await dialog.getByRole("button", { name: "Close" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => dialog.isVisible()).toBe(false);
    await page.keyboard.press("Enter");
    await submitButton(page).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/batches\/b_/);
    expect(dashboard.imagekit.control.byUrl().get(image("by-keyboard.jpg"))?.accepted).toBe(1);
  });

  test("the link New request opens the page if the form cannot be fetched", async () => {
    const page = await dashboard.open("/", "admin", { expected: /503/ });
    await page.route("**/new", (route) => {
      return route.request().isNavigationRequest() ? route.fallback() : route.fulfill({ status: 503 });
    });
    await page.getByRole("link", { name: "New request" }).click();
    await page.waitForURL(/\/new\?form=/);
  });

  test("a double click on Submit submits once", async () => {
    const page = await dashboard.open("/new");
    await urls(page).fill(image("doubled.jpg"));
    await submitButton(page).dblclick();
    await page.waitForURL(/\/batches\/b_/);
    expect(dashboard.imagekit.control.byUrl().get(image("doubled.jpg"))?.accepted).toBe(1);
  });

  test("more than 100 lines are one batch if at most 100 remain after removing repeats", async () => {
    const page = await dashboard.open("/new");
    const lines = Array.from({ length: 150 }, (_, index) => image(`repeated-${index % 90}.jpg`));
    await urls(page).fill(lines.join("\n"));
    await expect.poll(() => submitButton(page).textContent()).toBe("Submit for 90 units");
    await submitButton(page).click();
    await page.waitForURL(/\/batches\?id=b_\w+$/);
  });

  test("a session that ends while you type is announced in plain words", async () => {
    const page = await dashboard.open("/new", "admin", { expected: /401/ });
    await page.context().clearCookies();
    await urls(page).fill(image("over.jpg"));
    await visible(page, "Not confirmed: Your session has ended.");
    await visible(page, "Your session has ended. Your text stays here.");
    await expect.poll(() => submitButton(page).isDisabled()).toBe(true);
  });

  test("without the server the rules still judge lines, and the form says that nothing is confirmed", async () => {
    const page = await dashboard.open("/new", "admin", { expected: /ERR_INTERNET_DISCONNECTED|503/ });
    await page.context().setOffline(true);
    await urls(page).fill(image("offline.jpg"));
    await said(page, 1).toContain("Ready");
    await visible(page, "Not confirmed: The server cannot be reached.");
    await visible(page, "You are offline. Your text stays here.");
    await expect.poll(() => submitButton(page).isDisabled()).toBe(true);
    await takeScreenshots(page, "new-offline");
    await page.context().setOffline(false);
    await visible(page, "Confirmed by the server");
    await page.route("**/api/plan", (route) =>
      route.fulfill({ status: 503, json: { detail: "Redis is away." } }),
    );
    await urls(page).fill(image("offline-2.jpg"));
    await visible(page, "Not confirmed: Redis is away.");
  });
});
