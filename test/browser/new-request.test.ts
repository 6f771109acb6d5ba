import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeDashboard, expectAccessible, expectNoSidewaysScroll, takeScreenshots } from "./dashboard.ts";

const image = (name: string) => `https://ik.imagekit.io/demo/shoes/${name}`;

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

describeDashboard("a new request", { settings: { pendingMs: "never" } }, (dashboard) => {
  const urls = (page: Page) => page.getByLabel("Images or URLs, one per line");
  const row = (page: Page, line: number) => page.locator(".line-verdict").nth(line - 1);
  const patiently = { timeout: 10_000 } as const;
  const said = (page: Page, line: number) => expect.poll(() => row(page, line).textContent(), patiently);
  const visible = (page: Page, text: string | RegExp) =>
    expect.poll(() => page.getByText(text).first().isVisible(), patiently).toBe(true);
  const submitButton = (page: Page) => page.getByRole("button", { name: /^Submit/ });

  test("without a script a request can be checked and submitted", async () => {
    const page = await dashboard.open("/new", "purge", { javaScriptEnabled: false, expected: /422/ });
    await urls(page).fill(`${image("plain.jpg")}\n\nnonsense`);
    await page.getByLabel(/Reason/).fill("new photo");
    await page.getByRole("button", { name: "Check" }).click();
    expect(await row(page, 2).textContent()).toContain("To fix");
    expect(await page.getByText("1 unit", { exact: true }).count()).toBe(1);
    expect(dashboard.imagekit.control.byUrl().get(image("plain.jpg"))).toBeUndefined();
    await takeScreenshots(page, "new-checked-without-script");

    await submitButton(page).click();
    expect(await page.getByRole("alert").textContent()).toContain("Nothing was submitted or charged");
    expect(await page.getByLabel(/Reason/).inputValue()).toBe("new photo");
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

  test("each line gets its verdict while you type, and the server confirms it", async () => {
    const page = await dashboard.open("/new");
    await expectAccessible(page);
    await takeScreenshots(page, "new-empty");
    expect(await submitButton(page).isDisabled()).toBe(true);
    expect(await page.getByText("Enter at least one image or URL.").isVisible()).toBe(true);

    await urls(page).fill(allKinds);
    await said(page, 1).toContain("Ready");
    await said(page, 2).toContain("The same as line 1");
    await said(page, 3).toContain("wildcard, 1 unit");
    await said(page, 4).toContain("wildcard on line 3");
    await said(page, 5).toContain("Too broad");
    await said(page, 6).toContain("<script>alert(1)</script>");
    expect(await page.locator(".line-verdicts script").count()).toBe(0);
    await visible(page, "Confirmed by the server");
    await expect
      .poll(() => page.getByRole("status").textContent(), patiently)
      .toContain("3 ready, 3 to fix, 2 repeated or covered, costs 3 units");
    expect(
      await page
        .getByText(/Fix lines 5, 6 and 8, or choose to skip them/)
        .first()
        .isVisible(),
    ).toBe(true);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectAccessible(page);
    }
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
    expect(await page.locator(".line-verdicts img").count()).toBe(0);
    await expect
      .poll(() => page.getByRole("status").textContent(), patiently)
      .toContain("98 ready, 1 to fix");
    await page.evaluate(`{
      document.querySelectorAll(".line-verdict").forEach((row) => { row.isOld = true; });
      window.announcements = 0;
      new MutationObserver(() => { announcements += 1; })
        .observe(document.querySelector("[role=status]"), { childList: true });
    }`);
    await urls(page).press("Control+End");
    await urls(page).pressSequentially("?changed=1\nnonsense");
    await said(page, 99).toContain("?changed=1");
    await expect
      .poll(() => page.getByRole("status").textContent(), patiently)
      .toContain("98 ready, 2 to fix");
    expect(await page.evaluate("announcements")).toBe(1);
    const kept = `[...document.querySelectorAll(".line-verdict")].map(({ isOld }) => isOld === true)`;
    expect(await page.evaluate(kept)).toEqual([...Array.from({ length: 98 }, () => true), false, false]);
  });

  test("the dialog of a new request works by keyboard alone, keeps a draft, and returns the focus", async () => {
    const page = await dashboard.open("/");
    await page.getByRole("link", { name: "New request" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "New request" });
    await expect.poll(() => page.evaluate("document.activeElement.name"), patiently).toBe("urls");
    await page.keyboard.type(image("by-keyboard.jpg"));
    await said(page, 1).toContain("Ready");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectAccessible(page);
    }
    await takeScreenshots(page, "new-dialog");
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(await page.evaluate("document.activeElement.id")).toBe("new-request");

    await page.keyboard.press("Enter");
    expect(await urls(page).inputValue()).toBe(image("by-keyboard.jpg"));
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

  test("more than 100 lines are one batch if at most 100 remain after removing repeats", async () => {
    const page = await dashboard.open("/new");
    const lines = Array.from({ length: 150 }, (_, index) => image(`repeated-${index % 90}.jpg`));
    await urls(page).fill(lines.join("\n"));
    await expect.poll(() => submitButton(page).textContent(), patiently).toBe("Submit for 90 units");
    await submitButton(page).click();
    await page.waitForURL(/\/batches\?id=b_\w+$/);
  });

  test("a wildcard without its scope says whom to ask before you submit", async () => {
    const page = await dashboard.open("/new", "purge");
    await urls(page).fill(image("w.jpg*"));
    await said(page, 1).toContain("Ask an admin");
    expect(await submitButton(page).isDisabled()).toBe(true);
    await visible(page, "Your token cannot purge wildcards (line 1).");
    await urls(page).fill(image("w.jpg"));
    await said(page, 1).toContain("Ready");
    await visible(page, "an admin can clear those too");
    expect(await page.getByRole("button", { name: /Add \*/ }).count()).toBe(0);
  });

  test("the form asks when the image changed only if it makes a difference", async () => {
    await dashboard.api("/api/purges", { urls: [image("shared.jpg")] });
    const page = await dashboard.open("/new");
    const question = page.getByRole("group", { name: "When did the image change?" });
    await urls(page).fill(image("not-shared.jpg"));
    await visible(page, "Confirmed by the server");
    expect(await question.isVisible()).toBe(false);

    await urls(page).fill(`${image("shared.jpg")}\n${image("not-shared.jpg")}`);
    await expect.poll(() => question.isVisible(), patiently).toBe(true);
    await said(page, 1).toMatch(/An open purge of this URL was sent at \d+:\d\d/);
    expect(await submitButton(page).textContent()).toBe("Submit for 2 units");
    await expectAccessible(page);
    await takeScreenshots(page, "new-changed-at");

    await page.getByLabel(/Earlier/).check();
    await visible(page, "Enter when the image changed.");
    await page.getByLabel(/Time of the change/).fill("2026-01-01T12:00");
    await page.getByLabel(/Time of the change/).blur();
    await expect.poll(() => page.getByLabel(/Time of the change/).inputValue()).toContain("2026-01-01");
    await said(page, 1).toContain("In flight");
    await expect.poll(() => submitButton(page).textContent(), patiently).toBe("Submit for 1 unit");
    await submitButton(page).click();
    await page.waitForURL(/\/batches\/b_/);
    expect(dashboard.imagekit.control.byUrl().get(image("shared.jpg"))?.accepted).toBe(1);
  });

  test("the form stops asking when the image changed once its lines are different", async () => {
    await dashboard.api("/api/purges", { urls: [image("asked.jpg")] });
    const page = await dashboard.open("/new");
    const question = page.getByRole("group", { name: "When did the image change?" });
    await urls(page).fill(image("asked.jpg"));
    await expect.poll(() => question.isVisible(), patiently).toBe(true);
    await urls(page).fill(Array.from({ length: 101 }, (_, index) => image(`new-${index}.jpg`)).join("\n"));
    await expect.poll(() => question.isVisible(), patiently).toBe(false);
  });

  test("a file's URLs are added, and skipped rows are counted", async () => {
    const page = await dashboard.open("/new");
    const choose = async (name: string, buffer: Buffer) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Add from a file" }).click(),
      ]);
      await chooser.setFiles({ name, mimeType: "text/csv", buffer });
    };
    await urls(page).fill(image("typed.jpg"));
    const csv = `\ufeffName;Image\r\n"Boot; red";"${image("one.jpg")}"\r\nShoe;${image("two.jpg")}\r\nNone;\r\n`;
    await choose("shoes.csv", Buffer.from(csv));
    await visible(page, "2 URLs found in shoes.csv. Left out: 2 lines without a URL.");
    const expected = `${[image("typed.jpg"), image("one.jpg"), image("two.jpg")].join("\n")}\n`;
    expect(await urls(page).inputValue()).toBe(expected);
    await said(page, 3).toContain("two.jpg");
    await choose("photo.jpg", Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x10]));
    await visible(page, "photo.jpg is not a text file.");
    await choose("large.txt", Buffer.alloc(1_000_001, "a"));
    await visible(page, "large.txt is larger than 1 MB.");
    expect(await urls(page).inputValue()).toBe(expected);
    await choose("again.csv", Buffer.from(`1,${image("three.jpg")}`));
    await visible(page, "1 URL found in again.csv.");
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await urls(page).inputValue()).toBe(expected);
  });

  test("a dropped file is added too", async () => {
    const page = await dashboard.open("/new");
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File(["${image("dropped.jpg")}"], "list.txt", { type: "text/plain" }));
      document.querySelector("textarea").dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }`);
    await visible(page, "Added 1 line from list.txt.");
    await said(page, 1).toContain("dropped.jpg");
  });

  test("a session that ends while you type is announced in plain words", async () => {
    const page = await dashboard.open("/new", "admin", { expected: /401/ });
    await page.context().clearCookies();
    await urls(page).fill(image("over.jpg"));
    await visible(page, "Not confirmed: Your session has ended.");
    await visible(page, "Your session has ended. Your text stays here.");
    expect(await submitButton(page).isDisabled()).toBe(true);
  });

  test("without the server the rules still judge lines, and the form says that nothing is confirmed", async () => {
    const page = await dashboard.open("/new", "admin", { expected: /ERR_INTERNET_DISCONNECTED|503/ });
    await page.context().setOffline(true);
    await urls(page).fill(image("offline.jpg"));
    await said(page, 1).toContain("Ready");
    await visible(page, "Not confirmed: The server cannot be reached.");
    await visible(page, "You are offline. Your text stays here.");
    expect(await submitButton(page).isDisabled()).toBe(true);
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

describeDashboard(
  "a new request for more than there is",
  {
    settings: { pendingMs: "never" },
    env: { PURGE_MONTHLY_QUOTA: "250" },
  },
  (dashboard) => {
    const urls = (page: Page) => page.getByLabel("Images or URLs, one per line");
    const patiently = { timeout: 20_000 } as const;
    const visible = (page: Page, text: string | RegExp) =>
      expect.poll(() => page.getByText(text).first().isVisible(), patiently).toBe(true);
    const lines = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => image(`${name}-${index}.jpg`));

    test("too many lines become several batches without repeats, and Back submits nothing twice", async () => {
      const page = await dashboard.open("/new", "admin");
      await urls(page).fill([...lines("many", 212), ...lines("many", 18)].join("\n"));
      const submit = page.getByRole("button", { name: "Submit 3 batches for 212 units together" });
      await expect.poll(() => submit.isEnabled(), patiently).toBe(true);
      await visible(page, "212 ready, 18 repeated or covered, costs 212 units");
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await expectAccessible(page);
      }
      await takeScreenshots(page, "new-split");

      await submit.dblclick();
      await page.waitForURL(/\/batches\?id=b_\w+&id=b_\w+&id=b_\w+$/);
      await visible(page, "3 batches of 212 lines");
      await visible(page, "212 units together");
      await expect.poll(() => dashboard.imagekit.control.totals("send").accepted, patiently).toBe(212);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await takeScreenshots(page, "new-split-done");

      const shown = page.url();
      await page.goBack();
      await urls(page).fill([...lines("many", 212), ...lines("many", 18)].join("\n"));
      // What is sent already is paid: to the form alone it looks like too little budget.
      await visible(page, "This needs 212 units and 38 are left");
      await page.evaluate(`{
      const submit = document.querySelector("[data-submit]");
      submit.disabled = false;
      submit.click();
    }`);
      await page.waitForURL(shown);
      expect(dashboard.imagekit.control.totals("send").accepted).toBe(212);
    });

    test("several batches cannot be submitted if the budget does not cover them", async () => {
      const page = await dashboard.open("/new", "admin");
      await urls(page).fill(lines("beyond", 139).join("\n"));
      await visible(page, "This needs 139 units and 38 are left");
      await visible(page, "Confirmed by the server. Nothing is charged until you submit.");
      const submit = page.getByRole("button", { name: "Submit 2 batches for 139 units together" });
      expect(await submit.isDisabled()).toBe(true);
      await page.getByLabel(/until there is budget/).check();
      await expect.poll(() => submit.isEnabled()).toBe(true);
      expect(await submit.textContent()).toMatch(/together: 38 now, 101 on 1 \w{3}$/);
    });

    test("without enough budget the form says so before you submit, and offers to hold the rest", async () => {
      const page = await dashboard.open("/new", "admin");
      await urls(page).fill(lines("short", 60).join("\n"));
      await visible(page, "This needs 60 units and 38 are left");
      await takeScreenshots(page, "new-short");
      await page.getByLabel(/until there is budget/).check();
      const submit = page.getByRole("button", { name: /^Submit 38 now, 22 on 1 \w{3}$/ });
      await expect.poll(() => submit.isDisabled()).toBe(false);
    });

    test("without a script a refusal offers the email that asks for a higher quota", async () => {
      const page = await dashboard.open("/new", "admin", { javaScriptEnabled: false, expected: /4\d\d/ });
      await urls(page).fill(lines("short", 60).join("\n"));
      await page.getByRole("button", { name: "Submit" }).click();
      expect(await page.getByRole("alert").textContent()).toContain(
        "This needs 60 units, and 38 of the month's",
      );
      await page.getByText("An email that asks ImageKit").click();
      expect(await page.getByText("Could you please raise our quota").isVisible()).toBe(true);
      await takeScreenshots(page, "new-exhausted-without-script");
      await urls(page).fill(lines("short", 230).join("\n"));
      await page.getByRole("button", { name: "Submit" }).click();
      expect(await page.getByRole("alert").textContent()).toContain("submit them as several batches");
      expect(await urls(page).inputValue()).toContain("short-229.jpg");

      await page.getByLabel(/until there is budget/).check();
      await page.getByRole("button", { name: "Submit as several batches" }).click();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("3 batches of 230 lines");
      await takeScreenshots(page, "several-without-script");
    });
  },
);
