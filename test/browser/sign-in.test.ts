import { expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { describeDashboard, expectAccessible, expectNoSidewaysScroll, takeScreenshots } from "./dashboard.ts";

describeDashboard("the sign-in page", {}, (dashboard) => {
  test.each([true, false])(
    "signing in with a token and signing out again work (script: %s)",
    async (javaScriptEnabled) => {
      const context = await dashboard.browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(`${dashboard.url}/budget`);
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      await page.getByLabel("Token").fill(tokens.purge);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${dashboard.url}/budget`);
      const [cookie] = await context.cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
      expect(cookie?.value).not.toContain(tokens.purge);

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(`${dashboard.url}/sign-in`);
      await page.goto(`${dashboard.url}/budget`);
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      await context.close();
    },
  );

  test("a wrong token and a mistyped one get different messages, which are announced", async () => {
    const page = await dashboard.browser.newPage();
    await page.goto(`${dashboard.url}/sign-in`);
    await page.getByLabel("Token").fill("password");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("pd_ followed by 43");
    await page.getByLabel("Token").fill(`pd_${"x".repeat(43)}`);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("not configured here");
    await expectAccessible(page);
    await takeScreenshots(page, "sign-in-refused");
    await page.close();
  });

  test.each(["light", "dark"] as const)(
    "the sign-in page is accessible in %s and does not scroll sideways",
    async (colorScheme) => {
      const page = await dashboard.browser.newPage({ colorScheme });
      await page.goto(`${dashboard.url}/sign-in`);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.close();
    },
  );

  test("the sign-in link works once, and only when its button is pressed", async () => {
    expect(await (await fetch(dashboard.signInUrl)).text()).toContain("signs you in once");
    const page = await dashboard.browser.newPage();
    await page.goto(dashboard.signInUrl);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${dashboard.url}/`);
    expect(await page.getByRole("banner").textContent()).toContain("admin-actor");
    await takeScreenshots(page, "signed-in");

    const other = await (await dashboard.browser.newContext()).newPage();
    await other.goto(dashboard.signInUrl);
    await other.getByRole("button", { name: "Sign in" }).click();
    await expect
      .poll(() => other.getByRole("heading").first().textContent())
      .toBe("This link does not sign in");
    await page.close();
    await other.close();
  });
});
