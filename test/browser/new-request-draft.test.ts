import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";
import { image, press, submitButton, text, urls, visible } from "./request-form.ts";

/** How many drafts the browser keeps. */
const stored = (page: Page) => page.evaluate("Object.keys(localStorage).length");

describeDashboard("the draft of a new request", { settings: { pendingMs: "never" } }, (dashboard) => {
  const accepted = (name: string) => dashboard.imagekit.control.byUrl().get(image(name))?.accepted;

  async function type(page: Page, ...names: readonly string[]): Promise<void> {
    await urls(page).fill(names.map(image).join("\n"));
    await page.getByLabel(/Reason/).fill("new photo");
    await expect.poll(() => stored(page)).toBe(1);
  }
  async function signIn(page: Page): Promise<void> {
    await page.getByLabel("Token").fill(tokens.admin);
    await page.keyboard.press("Enter");
  }

  test("a draft is filled in again after another page and Back, with its reason and options", async () => {
    const page = await dashboard.open("/new");
    await urls(page).fill(`${image("kept.jpg")}\nnonsense`);
    await page.getByLabel(/Reason/).fill("new photo");
    await page.getByLabel(/Skip lines/).check();
    await page.getByLabel(/until there is budget/).check();
    await page.getByRole("link", { name: "Budget", exact: true }).click();
    await page.waitForURL(/\/budget$/);
    await page.goBack();
    await visible(page, /This is your unsent draft of 2 lines from \d\d:\d\d\./);
    await expect.poll(() => text(page)).toBe(`${image("kept.jpg")}\nnonsense`);
    await expect.poll(() => page.getByLabel(/Reason/).inputValue()).toBe("new photo");
    await expect.poll(() => page.getByLabel(/Skip lines/).isChecked()).toBe(true);
    await expect.poll(() => page.getByLabel(/until there is budget/).isChecked()).toBe(true);
    await expectAccessibleInBothThemes(page);
    await takeScreenshots(page, "draft-restored");
    await expectNoSidewaysScroll(page);

    await press(page, "Discard");
    await expect.poll(() => text(page)).toBe("");
    await expect.poll(() => stored(page)).toBe(0);
    await page.reload();
    await expect.poll(() => text(page)).toBe("");
  });

  test("the draft of a closed tab or dialog is offered to the next new request, and submits under its own key", async () => {
    const page = await dashboard.open("/");
    await page.getByRole("link", { name: "New request" }).click();
    await type(page, "closed.jpg", "tab.jpg");
    const key = await page.locator("input[name=key]").inputValue();
    const next = await page.context().newPage();
    await page.close();

    await next.goto(`${dashboard.url}/health`);
    await next.getByRole("link", { name: "New request" }).click();
    await visible(next, /You have an unsent draft of 2 lines from \d\d:\d\d\./);
    await expectAccessible(next);
    await takeScreenshots(next, "draft-offered");
    await press(next, "Restore");
    await expect.poll(() => text(next)).toBe([image("closed.jpg"), image("tab.jpg")].join("\n"));
    await expect.poll(() => next.locator("input[name=key]").inputValue()).toBe(key);
    await submitButton(next).click();
    await next.waitForURL(/\/batches\/b_/);
    await expect.poll(() => stored(next)).toBe(0);
    expect(accepted("closed.jpg")).toBe(1);
  });

  test("a submission whose answer was lost is submitted again as the same request", async () => {
    const page = await dashboard.open("/new", "admin", { expected: /ERR_FAILED/ });
    await type(page, "lost-answer.jpg");
    await page.route("**/new?form=*", async (route) => {
      await route.fetch({ maxRedirects: 0 });
      // The fetch has kept the answer's cookie, which the browser never got.
      await page.context().clearCookies({ name: /submitted/ });
      await route.abort("failed");
    });
    await submitButton(page).click();
    await expect.poll(() => accepted("lost-answer.jpg")).toBe(1);
    await page.waitForURL(/chrome-error/);
    await page.unrouteAll();
    await page.goto(`${dashboard.url}/new`);
    await press(page, "Restore");
    await expect.poll(() => text(page)).toBe(image("lost-answer.jpg"));
    await submitButton(page).click();
    await page.waitForURL(/\/batches\/b_/);
    expect(accepted("lost-answer.jpg")).toBe(1);
    await expect.poll(() => stored(page)).toBe(0);
  });

  test("a session that ends while you type leads through signing in back to the draft", async () => {
    const page = await dashboard.open("/new", "admin", { expected: /401/ });
    await page.context().clearCookies();
    await type(page, "expired.jpg");
    await visible(page, "Your session has ended. Your text stays here.");
    await takeScreenshots(page, "draft-signed-out");
    await page.getByRole("link", { name: "Sign in" }).click();
    await signIn(page);
    await page.waitForURL(/\/new\?form=/);
    await expect.poll(() => text(page)).toBe(image("expired.jpg"));
    await submitButton(page).click();
    await page.waitForURL(/\/batches\/b_/);
    await expect.poll(() => stored(page)).toBe(0);
  });

  test.each([true, false])(
    "a form submitted after the session ended comes back filled after signing in (script: %s)",
    async (javaScriptEnabled) => {
      const name = `carried-${javaScriptEnabled}.jpg`;
      const page = await dashboard.open("/new", "admin", { javaScriptEnabled, expected: /401/ });
      await urls(page).fill(`${image(name)}\n\n${image(`second-${name}`)}`);
      await page.getByLabel(/Reason/).fill("new photo");
      await page.getByLabel(/until there is budget/).check();
      if (javaScriptEnabled) await visible(page, "Confirmed by the server.");
      await page.context().clearCookies();
      await submitButton(page).click();
      await visible(page, "Sign in here, and your request is back as you left it.");
      await takeScreenshots(page, `draft-carried-${javaScriptEnabled}`);
      await page.getByLabel("Token").fill("mistyped");
      await page.keyboard.press("Enter");
      await visible(page, "pd_ followed by 43");
      await signIn(page);
      await visible(page, "You are signed in again. Nothing has been submitted yet");
      await expect.poll(() => text(page)).toBe(`${image(name)}\n\n${image(`second-${name}`)}`);
      await expect.poll(() => page.getByLabel(/Reason/).inputValue()).toBe("new photo");
      await expect.poll(() => page.getByLabel(/until there is budget/).isChecked()).toBe(true);
      expect(accepted(name)).toBeUndefined();
      await takeScreenshots(page, `draft-resumed-${javaScriptEnabled}`);
      await submitButton(page).click();
      await page.waitForURL(/\/batches\/b_/);
      expect(accepted(name)).toBe(1);
    },
  );

  test("signing out and another token's sign-in leave no draft in the browser", async () => {
    const page = await dashboard.open("/new");
    await type(page, "private.jpg");
    const other = await page.context().newPage();
    await other.goto(`${dashboard.url}/`);
    await press(other, "Sign out");
    await other.waitForURL(/\/sign-in/);
    await expect.poll(() => stored(other)).toBe(0);
    // The other tab still shows its text, and does not store it again when it is closed.
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => page.isClosed()).toBe(true);
    await expect.poll(() => stored(other)).toBe(0);

    await signIn(other);
    await other.waitForURL(`${dashboard.url}/`);
    await other.getByRole("link", { name: "New request" }).click();
    await type(other, "of-the-admin.jpg");
    await other.context().clearCookies();
    await other.goto(`${dashboard.url}/sign-in`);
    await other.getByLabel("Token").fill(tokens.purge);
    await other.keyboard.press("Enter");
    await other.waitForURL(`${dashboard.url}/`);
    await expect.poll(() => stored(other)).toBe(0);
  });

  test("two tabs keep a draft each, and neither is submitted under the other's key", async () => {
    const one = await dashboard.open("/new");
    await type(one, "first-tab.jpg");
    const two = await one.context().newPage();
    await two.goto(`${dashboard.url}/new`);
    await visible(two, /You have an unsent draft of 1 line from \d\d:\d\d, open in another tab\./);
    await urls(two).fill(image("second-tab.jpg"));
    await expect.poll(() => stored(two)).toBe(2);
    await submitButton(two).click();
    await two.waitForURL(/\/batches\/b_/);
    await expect.poll(() => stored(two)).toBe(1);
    await one.reload();
    await expect.poll(() => text(one)).toBe(image("first-tab.jpg"));
    await submitButton(one).click();
    await one.waitForURL(/\/batches\/b_/);
    expect([accepted("first-tab.jpg"), accepted("second-tab.jpg")]).toEqual([1, 1]);
  });

  test("the same draft submitted in two tabs is one batch, and a changed one says that the first stands", async () => {
    const one = await dashboard.open("/new", "admin", { expected: /422/ });
    await type(one, "same-draft.jpg");
    const two = await one.context().newPage();
    await two.goto(`${dashboard.url}/new`);
    await press(two, "Restore it here");
    await expect.poll(() => submitButton(two).isEnabled()).toBe(true);
    await submitButton(one).click();
    await one.waitForURL(/\/batches\/b_/);
    await submitButton(two).click();
    await two.waitForURL(one.url());

    await two.goBack();
    await urls(two).fill(image("other-content.jpg"));
    await submitButton(two).click();
    await visible(two, "This form was submitted before with different content, and that request stands.");
    expect(accepted("same-draft.jpg")).toBe(1);
    expect(accepted("other-content.jpg")).toBeUndefined();
    // The refused content is a draft of its own now, under a fresh key.
    await two.goto(`${dashboard.url}/health`);
    await two.goBack();
    await expect.poll(() => text(two)).toBe(image("other-content.jpg"));
    await submitButton(two).click();
    await two.waitForURL(/\/batches\/b_/);
    expect(accepted("other-content.jpg")).toBe(1);
    await expect.poll(() => stored(two)).toBe(0);
  });

  test("a text too long to be kept asks before the page is left, and is not kept in part", async () => {
    const page = await dashboard.open("/new");
    await urls(page).fill(`${image("long.jpg")}?${"x".repeat(600_000)}`);
    let asked = "";
    page.on("dialog", async (dialog) => {
      asked = dialog.type();
      await dialog.accept();
    });
    await page.getByRole("link", { name: "Budget", exact: true }).click();
    await page.waitForURL(/\/budget$/);
    expect(asked).toBe("beforeunload");
    await expect.poll(() => stored(page)).toBe(0);
  });

  test("an outage while submitting gives the form back with what was typed", async () => {
    const { spent: unitsBefore } = await (await dashboard.api("/api/budget")).json();
    const page = await dashboard.open("/new", "admin", { javaScriptEnabled: false, expected: /503/ });
    await urls(page).fill(image("outage.jpg"));
    await page.getByLabel(/Reason/).fill("new photo");
    dashboard.redis.bridge.setFault(() => "lose-reply");
    await submitButton(page).click();
    await visible(page, "It is not known whether this was submitted.");
    dashboard.redis.bridge.setFault(undefined);
    await expect.poll(() => text(page)).toBe(image("outage.jpg"));
    await expect.poll(() => page.getByLabel(/Reason/).inputValue()).toBe("new photo");
    await submitButton(page).click();
    await page.waitForURL(/\/batches\/b_/);
    // The first attempt had reserved it: the second is the same request, and nothing is charged twice.
    const { spent, reserved } = await (await dashboard.api("/api/budget")).json();
    await page.goto(`${dashboard.url}/`);
    await expect.poll(() => page.locator("#requests").getByText("outage.jpg").count()).toBe(1);
    expect(spent + reserved).toBe(unitsBefore + 1);
  });
});
