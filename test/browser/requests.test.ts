import { expect, test } from "vitest";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";

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
      await expect
        .poll(() => page.getByRole("link", { name: "Make the first request" }).isVisible())
        .toBe(true);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "requests-empty");

      const reader = await dashboard.open("/", "read");
      await expect.poll(() => reader.getByText("ask an admin").isVisible()).toBe(true);
      await expect.poll(() => reader.getByRole("link", { name: "Make the first request" }).count()).toBe(0);
    });

    test.each([true, false])(
      "the list can be read, filtered and searched (script: %s)",
      async (javaScriptEnabled) => {
        const run = javaScriptEnabled ? "live" : "plain";
        await submit([photo(`${run}/boot`), photo(`${run}/clog`), `${photo(`${run}/tr`)}*`], "New photos");
        const page = await dashboard.open("/", "admin", { javaScriptEnabled });
        const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
        await expect.poll(() => rows.first().textContent()).toContain("New photos");
        await expect.poll(() => rows.first().getByRole("cell").first().textContent()).toBe("Pending");

        const choose = async (label: string, option: string) => {
          await page.getByLabel(label).selectOption(option);
          if (!javaScriptEnabled) await page.getByRole("button", { name: "Filter" }).click();
        };
        await page.getByLabel("URL, reason or id").fill(`${run}/BOOT`);
        await page.keyboard.press("Enter");
        await expect.poll(() => rows.count()).toBe(1);
        await choose("State", "Pending");
        await page.waitForURL(/state=pending/);
        await expect
          .poll(() => rows.getByRole("link").first().getAttribute("aria-label"))
          .toBe(photo(`${run}/boot`));
        await expect.poll(() => rows.textContent()).toContain(`/catalog/${run}/boot.jpg`);
        await expect.poll(() => page.getByLabel("State").inputValue()).toBe("pending");
        if (javaScriptEnabled) expect(new URL(page.url()).search).not.toContain("actor");

        await choose("State", "Refused");
        await expect
          .poll(() => page.getByRole("heading", { level: 2 }).textContent())
          .toContain("No request matches");
        await page.getByRole("link", { name: "Remove the filter: Refused" }).click();
        await expect.poll(() => rows.count()).toBe(1);
        await page.getByRole("link", { name: /Remove the filter: contains/ }).click();
        await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(3);

        await choose("Actor", "other-actor");
        await page.getByRole("link", { name: "Clear the filters" }).click();
        await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(3);
        await rows.nth(1).getByRole("link").first().click();
        await page.waitForURL(/\/purges\/p_/);
      },
    );

    test("the whole row leads to its purge, and the batch's link in it to the batch", async () => {
      await submit([photo("whole/boot"), photo("whole/clog")], "A reason to click on");
      const page = await dashboard.open("/?q=whole");
      const row = page
        .getByRole("row")
        .filter({ has: page.getByRole("rowheader", { name: photo("whole/boot") }) });
      expect((await row.boundingBox())?.height).toBeLessThanOrEqual(38);
      // On the reason, far from the link's own text.
      await row.click({ position: { x: 750, y: 15 } });
      await page.waitForURL(/\/purges\/p_/);
      await page.goBack();
      await row.getByRole("link", { name: /^Batch/ }).click();
      await page.waitForURL(/\/batches\/b_/);
    });

    test("a filter acts when it is chosen, and going back shows what was chosen before", async () => {
      await submit([photo("chosen/boot")]);
      const page = await dashboard.open("/?q=chosen");
      const state = page.getByLabel("State");
      const rows = page.getByRole("rowheader");
      await state.selectOption("Refused");
      await page.waitForURL(/state=refused/);
      await expect.poll(() => rows.count()).toBe(0);
      await page.goBack();
      await expect.poll(() => state.inputValue()).toBe("");
      await expect.poll(() => rows.count()).toBe(1);
      await expect.poll(() => page.locator("#requests").getAttribute("aria-busy")).toBeNull();
      await page.goForward();
      await expect.poll(() => state.inputValue()).toBe("refused");
      await state.selectOption("Open");
      await expect.poll(() => rows.count()).toBe(1);

      // The first digits of a year are a date already, and do not act.
      const from = page.getByLabel("From");
      await from.focus();
      await page.keyboard.type("010120");
      expect(new URL(page.url()).searchParams.has("from")).toBe(false);
      await page.keyboard.type("20");
      await page.waitForURL(/from=2020-01-01/);
      await page.getByLabel("Group by batch").check();
      await page.waitForURL(/group=batch/);
      await expect.poll(() => rows.count()).toBe(1);
      await expectAccessible(page);
      await takeScreenshots(page, "requests-grouped");
    });

    test("the header stays one line of buttons at every width above a phone's", async () => {
      const page = await dashboard.open("/");
      for (const width of [730, 768, 900, 1024, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const tops = await page
          .locator(".page-header :is(nav, .account button, #new-request)")
          .evaluateAll((all) =>
            all.map((each) => each.getBoundingClientRect()).map(({ top, height }) => top + height / 2),
          );
        expect([width, Math.max(...tops) - Math.min(...tops) < 6]).toEqual([width, true]);
        await expectNoSidewaysScroll(page, width);
      }
    });

    test("wrong filters in the address are reported and ignored", async () => {
      await submit([photo("told/boot")]);
      const page = await dashboard.open("/?state=lost&month=1999-01&after=nowhere&actor=%3Cb%3E&q=boot");
      await expect.poll(() => page.getByText("There is no state “lost”").textContent()).toContain("“<b>”");
      await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(1);
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
        await expect.poll(() => page.getByText("and no older ones").isVisible()).toBe(true);
        await page.goBack();
        await expect.poll(async () => (await targets()).length).toBe(50);
        await page.goForward();
        await page.getByRole("link", { name: "Back to the newest" }).click();
        await expect.poll(async () => (await targets())[0]).toBe(`/catalog/${name}/newer.jpg`);
      },
    );

    test("hostile URLs and reasons are shown as text in the list", async () => {
      const urls = [
        "https://ik.imagekit.io/demo/%3Cscript%3Edocument.title='hacked'%3C/script%3E.jpg",
        `https://ik.imagekit.io/demo/x.jpg?a=%22onmouseover='document.title=1'`,
        "https://ik.imagekit.io/demo/a-javascript:alert(1)//x.jpg",
        `https://ik.imagekit.io/demo/${"so/long/".repeat(400)}end.jpg`,
        "https://ik.imagekit.io/demo/secret.jpg?ik-t=1900000000&ik-s=0123456789abcdef",
      ];
      await submit(urls, `<img src=x onerror="document.title='hacked'">${" and so on".repeat(20)}`);
      const page = await dashboard.open("/");
      await expect.poll(() => page.title()).toBe("Requests · Purge Desk");
      await expect.poll(() => page.getByRole("cell", { name: /<img src=x/ }).count()).toBe(5);
      expect(await page.content()).not.toContain("0123456789abcdef");
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "requests-hostile");
    });

    test("the list of requests is accessible in light and dark, wide and on a phone", async () => {
      await submit([photo("seen/boot"), photo("seen/clog"), `${photo("seen/tr")}*`], "New photos");
      const page = await dashboard.open("/?q=catalog&actor=admin-actor");
      await takeScreenshots(page, "requests-filtered");
      await expectAccessibleInBothThemes(page);
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessibleInBothThemes(page);
    });

    test("while another page loads, the list shows that it is busy", async () => {
      await submit([photo("slow/boot")]);
      const page = await dashboard.open("/");
      // An answer without content leaves the page as it is, as one that is still on its way does.
      await page.route(/q=slow/, (route) => route.fulfill({ status: 204 }));
      await page.getByLabel("URL, reason or id").fill("slow");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator("#requests").getAttribute("aria-busy")).toBe("true");
    });

    test("without the ledger the list's page says so, and what to do", async () => {
      const page = await dashboard.open("/", "admin", { expected: /Failed to load resource/ });
      dashboard.redis.bridge.setFault(() => ({ status: 500 }));
      await page.goto(`${dashboard.url}/?q=boot`);
      await expect
        .poll(() => page.getByRole("heading", { level: 1 }).textContent())
        .toBe("The ledger cannot be reached");
      await expect
        .poll(() => page.getByRole("link", { name: "Try again" }).getAttribute("href"))
        .toBe("/?q=boot");
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "ledger-unavailable");
    });
  },
);
