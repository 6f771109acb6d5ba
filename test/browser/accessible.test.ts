import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeInChromium } from "../support/chromium.ts";
import { sharedChromium } from "../support/launch-chromium.ts";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";

describeInChromium("the check of a page's accessibility", () => {
  let page: Page;
  beforeEach(async () => {
    page = await (await sharedChromium()).newPage();
  });
  afterEach(() => page.close());

  const show = (style: string, main: string) =>
    page.setContent(`<!doctype html><html lang="en"><head><title>A page</title><style>${style}</style></head>
      <body><main><h1>A page</h1>${main}</main></body></html>`);

  test("a colour in the middle of a transition is taken for the one it becomes", async () => {
    const style =
      "button { color: #fff; background: #fff; transition: background-color 1000s } .on { background: #000 }";
    await show(style, "<button>Submit</button>");
    await page.evaluate(`{
      const button = document.querySelector("button");
      getComputedStyle(button).backgroundColor;
      button.className = "on";
    }`);
    await expectAccessible(page);
  });

  test("an animation without an end does not stop the check", async () => {
    await show(
      "@keyframes turn { to { rotate: 1turn } } p { animation: turn 1s infinite }",
      "<p>Loading</p>",
    );
    await expectAccessible(page);
  });

  test("a colour that is hard to read in dark only is found", async () => {
    await show("@media (prefers-color-scheme: dark) { p { color: #eee } }", "<p>Hard to read</p>");
    await expect(expectAccessibleInBothThemes(page)).rejects.toThrow("color-contrast: <p>Hard to read</p>");
  });

  test("an image without a text in its place is found", async () => {
    await show("", `<img src="data:,">`);
    await expect(expectAccessibleInBothThemes(page)).rejects.toThrow("image-alt");
  });
});

describeDashboard("the check of the dashboard's accessibility", {}, (dashboard) => {
  test("an image without a text in its place is found on a page of the dashboard", async () => {
    const page = await dashboard.open("/health", "read");
    await expectAccessible(page);
    await page.evaluate(`document.querySelector("main").append(document.createElement("img"))`);
    await expect(expectAccessible(page)).rejects.toThrow("image-alt: <img>");
  });
});
