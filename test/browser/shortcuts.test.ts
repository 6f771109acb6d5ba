import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { takeScreenshots } from "./look.ts";
import { submitTo, urlOf } from "./submitting.ts";

describeDashboard("keyboard shortcuts", { settings: { pendingMs: "never" } }, (dashboard) => {
  const focused = (page: Page) => page.evaluate("document.activeElement?.getAttribute('name')");
  const list = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const form = (page: Page) => page.getByRole("dialog", { name: "New request" });

  test("n opens a new request, / searches and ? lists them, on any page", async () => {
    await submitTo(dashboard, ["shoe.jpg"]);
    const page = await dashboard.open("/");
    await page.keyboard.press("n");
    await expect.poll(() => form(page).isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => form(page).isVisible()).toBe(false);
    // The browser moves the focus out of the closed dialog with its next frame.
    await expect.poll(() => focused(page)).toBe(null);
    await page.keyboard.press("/");
    await expect.poll(() => focused(page)).toBe("q");

    await page.goto(`${dashboard.url}/budget`);
    await page.keyboard.press("?");
    await expect.poll(() => list(page).isVisible()).toBe(true);
    await expectAccessible(page);
    await takeScreenshots(page, "shortcuts");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.waitForURL((url) => url.pathname === "/");
    await expect.poll(() => focused(page)).toBe("q");
    expect(new URL(page.url()).hash).toBe("");
  });

  test("Ctrl+Enter submits from a field, and does nothing while the request cannot be submitted", async () => {
    const page = await dashboard.open("/new", "purge");
    const area = page.getByLabel("Images or URLs, one per line");
    await area.fill("nonsense");
    await expect.poll(() => page.getByRole("button", { name: "Submit" }).isDisabled()).toBe(true);
    await page.keyboard.press("Control+Enter");
    expect(new URL(page.url()).pathname).toBe("/new");
    await area.fill(urlOf("by-key.jpg"));
    await expect.poll(() => page.getByRole("button", { name: "Submit" }).isEnabled()).toBe(true);
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/\/batches\/b_/);
    expect(dashboard.imagekit.control.byUrl().get(urlOf("by-key.jpg"))?.accepted).toBe(1);
  });

  test("a letter typed into a field stays a letter, and keys with Ctrl, Alt or Meta are the browser's", async () => {
    const page = await dashboard.open("/new");
    const area = page.getByLabel("Images or URLs, one per line");
    await area.pressSequentially("n/?");
    await expect.poll(() => area.inputValue()).toBe("n/?");
    await page.goto(`${dashboard.url}/budget`);
    for (const key of ["Control+n", "Alt+n", "Meta+n", "Control+/", "Shift+N"])
      await page.keyboard.press(key);
    await expect.poll(() => form(page).count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe("/budget");
  });

  test("the single keys can be switched off for good, and on again from the foot of the page", async () => {
    const page = await dashboard.open("/health");
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await list(page).getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.reload();
    for (const key of ["n", "/", "?"]) await page.keyboard.press(key);
    await expect.poll(() => page.locator("dialog[open]").count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe("/health");
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await list(page).getByRole("checkbox").check();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await expect.poll(() => list(page).isVisible()).toBe(true);
  });

  test("a reader is offered no key for a new request", async () => {
    const page = await dashboard.open("/", "read");
    await page.keyboard.press("n");
    await page.keyboard.press("?");
    expect(await list(page).textContent()).not.toContain("New request");
  });
});
