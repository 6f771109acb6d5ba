import { expect, test } from "vitest";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";
import { image, said, submitButton, urls, visible } from "./request-form.ts";

const allKinds = [
  image("red.jpg"),
  image("red.jpg"),
  image("autumn/boot.jpg*"),
  image("autumn/boot.jpg?tr=w-300"),
  "https://ik.imagekit.io/demo/a*",
  "https://elsewhere.example/<script>alert(1)</script>.jpg",
  image("tr:w-400,h-300/blue.jpg"),
  image("*/green.jpg"),
].join("\n");

describeDashboard(
  "the verdicts on the lines of a new request",
  { settings: { pendingMs: "never" } },
  (dashboard) => {
    test("each line gets its verdict while you type, and the server confirms it", async () => {
      const page = await dashboard.open("/new");
      await expectAccessible(page);
      await takeScreenshots(page, "new-empty");
      await expect.poll(() => submitButton(page).isDisabled()).toBe(true);
      await expect.poll(() => page.getByText("Enter at least one image or URL.").isVisible()).toBe(true);

      await urls(page).fill(allKinds);
      await said(page, 1).toContain("Ready");
      await said(page, 2).toContain("The same as line 1");
      await said(page, 3).toContain("wildcard, 1 unit");
      await said(page, 4).toContain("wildcard on line 3");
      await said(page, 5).toContain("Too broad");
      await said(page, 6).toContain("<script>alert(1)</script>");
      await expect.poll(() => page.locator(".line-verdicts script").count()).toBe(0);
      await visible(page, "Confirmed by the server");
      await expect
        .poll(() => page.getByRole("status").textContent())
        .toContain("3 ready, 3 to fix, 2 repeated or covered, costs 3 units");
      await expect
        .poll(() =>
          page
            .getByText(/Fix lines 5, 6 and 8, or choose to skip them/)
            .first()
            .isVisible(),
        )
        .toBe(true);
      await expectAccessibleInBothThemes(page);
      await takeScreenshots(page, "new-all-verdicts");
      await expectNoSidewaysScroll(page, 2_000);
      await expectNoSidewaysScroll(page);
    });

    test("typing in one line leaves other rows alone, and is announced once when it stops", async () => {
      const page = await dashboard.open("/new");
      const hostile = image("<img src=x onerror=alert(1)>");
      const long = Array.from({ length: 98 }, (_, index) => image(`${"long/".repeat(60)}${index}.jpg`));
      await urls(page).fill([hostile, ...long].join("\n"));
      await said(page, 99).toContain("Ready");
      await expect.poll(() => page.locator(".line-verdicts img").count()).toBe(0);
      await expect.poll(() => page.getByRole("status").textContent()).toContain("98 ready, 1 to fix");
      await page.evaluate(`{
      document.querySelectorAll(".line-verdict").forEach((row) => { row.isOld = true; });
      window.announcements = 0;
      new MutationObserver(() => { announcements += 1; })
        .observe(document.querySelector("[role=status]"), { childList: true });
    }`);
      await urls(page).press("Control+End");
      await urls(page).pressSequentially("?changed=1\nnonsense");
      await said(page, 99).toContain("?changed=1");
      await expect.poll(() => page.getByRole("status").textContent()).toContain("98 ready, 2 to fix");
      await expect.poll(() => page.evaluate("announcements")).toBe(1);
      const kept = `[...document.querySelectorAll(".line-verdict")].map(({ isOld }) => isOld === true)`;
      await expect
        .poll(() => page.evaluate(kept))
        .toEqual([...Array.from({ length: 98 }, () => true), false, false]);
    });

    test("a suggested line is one click away, and so is a * for one line or all", async () => {
      const page = await dashboard.open("/new");
      await urls(page).fill(`ftp://ik.imagekit.io/demo/a.jpg\n\n${image("b.jpg")}\n${image("c.jpg")}`);
      await said(page, 1).toContain("Use this instead");
      await page.getByRole("button", { name: "Use this instead" }).first().click();
      await expect.poll(() => urls(page).inputValue()).toMatch(/^https:\/\/ik.imagekit.io\/demo\/a.jpg\n\n/);
      await visible(page, /3 lines clear only the exact URL/);
      await page.getByRole("button", { name: "Add * to line 2" }).click();
      await expect.poll(() => urls(page).inputValue()).toContain("b.jpg*\n");
      await page.getByRole("button", { name: "Add * to all 2" }).click();
      await expect.poll(() => urls(page).inputValue()).toMatch(/a.jpg\*\n\n.*b.jpg\*\n.*c.jpg\*$/);
    });

    test("adding a * to a line removes its fragment, which would hide it", async () => {
      const page = await dashboard.open("/new");
      await urls(page).fill(image("b.jpg#top"));
      await said(page, 1).toContain("Add *");
      await page.getByRole("button", { name: "Add * to line 1" }).click();
      await expect.poll(() => urls(page).inputValue()).toBe(image("b.jpg*"));
      await said(page, 1).toContain("wildcard, 1 unit");
    });

    test("a wildcard without its scope says whom to ask before you submit", async () => {
      const page = await dashboard.open("/new", "purge");
      await urls(page).fill(image("w.jpg*"));
      await said(page, 1).toContain("Ask an admin");
      await expect.poll(() => submitButton(page).isDisabled()).toBe(true);
      await visible(page, "Your token cannot purge wildcards (line 1).");
      await urls(page).fill(image("w.jpg"));
      await said(page, 1).toContain("Ready");
      await visible(page, "an admin can clear those too");
      await expect.poll(() => page.getByRole("button", { name: /Add \*/ }).count()).toBe(0);
    });

    test("the form asks when the image changed only if it makes a difference", async () => {
      await dashboard.api("/api/purges", { urls: [image("shared.jpg")] });
      const page = await dashboard.open("/new");
      const question = page.getByRole("group", { name: "When did the image change?" });
      await urls(page).fill(image("not-shared.jpg"));
      await visible(page, "Confirmed by the server");
      await expect.poll(() => question.isVisible()).toBe(false);

      await urls(page).fill(`${image("shared.jpg")}\n${image("not-shared.jpg")}`);
      await expect.poll(() => question.isVisible()).toBe(true);
      await said(page, 1).toMatch(/An open purge of this URL was sent at \d+:\d\d/);
      await expect.poll(() => submitButton(page).textContent()).toBe("Submit for 2 units");
      await expectAccessible(page);
      await takeScreenshots(page, "new-changed-at");

      await page.getByLabel(/Earlier/).check();
      await visible(page, "Enter when the image changed.");
      await page.getByLabel(/Time of the change/).fill("2026-01-01T12:00");
      await page.getByLabel(/Time of the change/).blur();
      await expect.poll(() => page.getByLabel(/Time of the change/).inputValue()).toContain("2026-01-01");
      await said(page, 1).toContain("In flight");
      await expect.poll(() => submitButton(page).textContent()).toBe("Submit for 1 unit");
      await submitButton(page).click();
      await page.waitForURL(/\/batches\/b_/);
      expect(dashboard.imagekit.control.byUrl().get(image("shared.jpg"))?.accepted).toBe(1);
    });

    test("the form stops asking when the image changed once its lines are different", async () => {
      await dashboard.api("/api/purges", { urls: [image("asked.jpg")] });
      const page = await dashboard.open("/new");
      const question = page.getByRole("group", { name: "When did the image change?" });
      await urls(page).fill(image("asked.jpg"));
      await expect.poll(() => question.isVisible()).toBe(true);
      await urls(page).fill(Array.from({ length: 101 }, (_, index) => image(`new-${index}.jpg`)).join("\n"));
      await expect.poll(() => question.isVisible()).toBe(false);
    });
  },
);
