import { expect, test } from "vitest";
import { describeDashboard, expectAccessible, expectNoSidewaysScroll, takeScreenshots } from "./dashboard.ts";

const photo = (name: string) => `https://ik.imagekit.io/demo/catalog/${name}.jpg`;

const PURGE_SESSION_SECRET = "a secret of the tests, long enough";

describeDashboard(
  "the list of requests in Chromium",
  { env: { PURGE_SESSION_SECRET }, settings: { pendingMs: "never" } },
  (dashboard) => {
    const submit = async (urls: readonly string[], reason?: string) => {
      const answer = await dashboard.api("/api/purges", { urls, reason });
      expect(answer.status).toBe(202);
    };

    test("the empty list says what it is for, and how to begin", async () => {
      const page = await dashboard.open("/");
      await expect.poll(() => page.getByRole("heading", { name: "No requests yet" }).isVisible()).toBe(true);
      expect(await page.getByRole("link", { name: "Make the first request" }).isVisible()).toBe(true);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "requests-empty");

      const reader = await dashboard.open("/", "read");
      expect(await reader.getByText("ask an admin").isVisible()).toBe(true);
      expect(await reader.getByRole("link", { name: "Make the first request" }).count()).toBe(0);
    });

    test.each([true, false])(
      "the list can be read, filtered and searched (script: %s)",
      async (javaScriptEnabled) => {
        const run = javaScriptEnabled ? "live" : "plain";
        await submit([photo(`${run}/boot`), photo(`${run}/clog`), `${photo(`${run}/tr`)}*`], "New photos");
        const page = await dashboard.open("/", "admin", { javaScriptEnabled });
        const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
        expect(await rows.first().textContent()).toContain("New photos");
        expect(await rows.first().getByRole("cell").first().textContent()).toBe("Pending");

        await page.getByLabel("URL contains").fill(`${run}/BOOT`);
        await page.getByLabel("State").selectOption("Pending");
        await page.getByRole("button", { name: "Filter" }).click();
        await expect.poll(() => rows.count()).toBe(1);
        expect(await rows.textContent()).toContain(photo(`${run}/boot`));
        expect(await page.getByLabel("State").inputValue()).toBe("pending");
        if (javaScriptEnabled) expect(new URL(page.url()).search).not.toContain("actor");

        await page.getByLabel("State").selectOption("Refused");
        await page.keyboard.press("Tab");
        await page.getByRole("button", { name: "Filter" }).press("Enter");
        await expect
          .poll(() => page.getByRole("heading", { level: 2 }).textContent())
          .toContain("No request matches");
        await page.getByRole("link", { name: "Remove the filter: Refused" }).click();
        await expect.poll(() => rows.count()).toBe(1);
        await page.getByRole("link", { name: /Remove the filter: URL/ }).click();
        await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(3);

        await page.getByLabel("Actor").selectOption("other-actor");
        await page.getByRole("button", { name: "Filter" }).click();
        await page.getByRole("link", { name: "Clear the filters" }).click();
        await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(3);
        await rows.nth(1).getByRole("link").click();
        await page.waitForURL(/\/purges\/p_/);
      },
    );

    test("wrong filters in the address are reported and ignored", async () => {
      const page = await dashboard.open("/?state=lost&month=1999-01&after=nowhere&actor=%3Cb%3E&q=boot");
      expect(await page.getByText("There is no state “lost”").textContent()).toContain("“<b>”");
      expect(await page.getByRole("row").count()).toBeGreaterThan(1);
      await expectAccessible(page);
      await takeScreenshots(page, "requests-told");
    });

    test.each([true, false])(
      "the list's pages keep their place, forwards and back (script: %s)",
      async (javaScriptEnabled) => {
        const name = javaScriptEnabled ? "paged" : "leafed";
        await submit(Array.from({ length: 70 }, (_, i) => photo(`${name}/${i}`)));
        const page = await dashboard.open(`/?q=${name}`, "admin", { javaScriptEnabled });
        const targets = () => page.getByRole("rowheader").allTextContents();
        const first = await targets();
        expect(first).toHaveLength(50);
        await submit([photo(`${name}/newer`)]);
        await page.getByRole("link", { name: "Older requests" }).click();
        await expect.poll(async () => (await targets()).length).toBe(20);
        expect(new Set([...first, ...(await targets())]).size).toBe(70);
        expect(await page.getByText("and no older ones").isVisible()).toBe(true);
        await page.goBack();
        await expect.poll(async () => (await targets()).length).toBe(50);
        await page.goForward();
        await page.getByRole("link", { name: "Back to the newest" }).click();
        await expect.poll(async () => (await targets())[0]).toBe(photo(`${name}/newer`));
      },
    );

    test("hostile URLs and reasons are shown as text in the list", async () => {
      const urls = [
        "https://ik.imagekit.io/demo/%3Cscript%3Edocument.title='hacked'%3C/script%3E.jpg",
        `https://ik.imagekit.io/demo/x.jpg?a="onmouseover='document.title=1'`,
        "https://ik.imagekit.io/demo/javascript:alert(1)//x.jpg",
        `https://ik.imagekit.io/demo/${"so/long/".repeat(400)}end.jpg`,
        "https://ik.imagekit.io/demo/secret.jpg?ik-t=1900000000&ik-s=0123456789abcdef",
      ];
      await submit(urls, `<img src=x onerror="document.title='hacked'">${" and so on".repeat(20)}`);
      const page = await dashboard.open("/");
      expect(await page.title()).toBe("Requests · Purge Desk");
      expect(await page.getByRole("cell", { name: /<img src=x/ }).count()).toBe(5);
      expect(await page.content()).not.toContain("0123456789abcdef");
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "requests-hostile");
    });

    test.each(["light", "dark"] as const)(
      "the list of requests is accessible in %s and does not scroll sideways",
      async (colorScheme) => {
        const page = await dashboard.open("/?q=catalog&actor=admin-actor", "admin", { colorScheme });
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
        await page.setViewportSize({ width: 360, height: 740 });
        await expectAccessible(page);
        if (colorScheme === "light") await takeScreenshots(page, "requests-filtered");
      },
    );

    test("while another page loads, the list shows that it is busy", async () => {
      await submit([photo("slow/boot")]);
      const page = await dashboard.open("/");
      // An answer without content leaves the page as it is, as one that is still on its way does.
      await page.route(/q=slow/, (route) => route.fulfill({ status: 204 }));
      await page.getByLabel("URL contains").fill("slow");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator("#requests").getAttribute("aria-busy")).toBe("true");
    });

    test("without the ledger the list's page says so, and what to do", async () => {
      const page = await dashboard.open("/");
      dashboard.redis.bridge.setFault(() => ({ status: 500 }));
      await page.goto(`${dashboard.url}/?q=boot`);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "The ledger cannot be reached",
      );
      expect(await page.getByRole("link", { name: "Try again" }).getAttribute("href")).toBe("/?q=boot");
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "ledger-unavailable");
      dashboard.redis.bridge.setFault(undefined);
    });
  },
);
