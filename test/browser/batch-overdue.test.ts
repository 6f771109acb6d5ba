import { beforeEach, expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { look } from "./look.ts";
import { acceptedLongAgo, textOf } from "./submitting.ts";

describeDashboard("watching what ImageKit does not complete", {}, (dashboard) => {
  let paths: readonly string[] = [];
  beforeEach(async () => {
    const { url, token } = dashboard.redis;
    paths = await acceptedLongAgo(
      { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token },
      20 * 60_000,
    );
  });

  test("overdue purges have a text for ImageKit's support, to copy and to email", async () => {
    const [batch = "", purge = ""] = paths;
    const page = await dashboard.open(batch);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await expect.poll(() => textOf(page)).toContain("0 of 2 completed, 2 overdue");
    await expect.poll(() => textOf(page)).toContain("2 purges for ImageKit’s support");
    await look(page, "overdue");
    // The word is there for two seconds only.
    await page.evaluate(`{
      const statuses = () => [...document.querySelectorAll("[role=status]")].map((each) => each.textContent);
      window.announced = [];
      new MutationObserver(() => announced.push(...statuses()))
        .observe(document.body, { subtree: true, childList: true, characterData: true });
    }`);
    await page.getByRole("button", { name: "Copy the text" }).click();
    await expect.poll(() => page.evaluate("announced")).toContain("Copied");
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).toContain("2 purge requests of ours did not reach the status Completed");
    await expect
      .poll(() => page.getByRole("link", { name: /mail/ }).getAttribute("href"))
      .toMatch(/^mailto:support@/);

    await page.goto(dashboard.url + purge);
    await expect.poll(() => textOf(page)).toContain("and it is still not Completed");
    await expect.poll(() => textOf(page)).toContain("every 5 minutes until");
    await look(page, "purge-overdue");
  });

  test("without access to the clipboard the support text is selected", async () => {
    const page = await dashboard.open(paths[1] ?? "");
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no leave'))");
    await page.getByRole("button", { name: "Copy the text" }).click();
    await expect.poll(() => page.evaluate("getSelection().toString()")).toContain("A purge request of ours");
  });
});
