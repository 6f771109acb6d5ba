import { expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";

describeDashboard("the sign-in page", {}, (dashboard) => {
  test.each([true, false])(
    "signing in with a token and signing out again work (script: %s)",
    async (javaScriptEnabled) => {
      const page = await dashboard.visit("/budget", { javaScriptEnabled });
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      await page.getByLabel("Token").fill(tokens.purge);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${dashboard.url}/budget`);
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
      expect(cookie?.value).not.toContain(tokens.purge);

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(`${dashboard.url}/sign-in`);
      await page.goto(`${dashboard.url}/budget`);
      expect(new URL(page.url()).pathname).toBe("/sign-in");
    },
  );

  test("a wrong token and a mistyped one get different messages, which are announced", async () => {
    const page = await dashboard.visit("/sign-in", { expected: /4\d\d/ });
    await page.getByLabel("Token").fill("password");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("pd_ followed by 43");
    await page.getByLabel("Token").fill(`pd_${"x".repeat(43)}`);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("not configured here");
    await expectAccessible(page);
    await takeScreenshots(page, "sign-in-refused");
  });

  test("the sign-in page is accessible in light and dark, and does not scroll sideways", async () => {
    const page = await dashboard.visit("/sign-in");
    await expectAccessibleInBothThemes(page);
    await expectNoSidewaysScroll(page);
  });

  test("the sign-in link works once, and only when its button is pressed", async () => {
    expect(await (await fetch(dashboard.signInUrl)).text()).toContain("signs you in once");
    const { pathname } = new URL(dashboard.signInUrl);
    const page = await dashboard.visit(pathname);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${dashboard.url}/`);
    await expect.poll(() => page.getByRole("banner").textContent()).toContain("admin-actor");
    await takeScreenshots(page, "signed-in");

    const other = await dashboard.visit(pathname, { expected: /4\d\d/ });
    await other.getByRole("button", { name: "Sign in" }).click();
    await expect
      .poll(() => other.getByRole("heading").first().textContent())
      .toBe("This link does not sign in");
  });
});
