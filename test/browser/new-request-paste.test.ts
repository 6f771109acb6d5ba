import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { look } from "./look.ts";
import { image, press, row, said, submitButton, text, urls, visible } from "./request-form.ts";

/** Loads the page again without our script; the browser's own runs, so that axe can look at it. */
async function withoutScript(page: Page): Promise<void> {
  await page.route("**/assets/dashboard.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: "" }),
  );
  await page.goto(page.url());
}

/** Pastes or drops as the browser does: an event with data, and what the browser does itself unless it is prevented. */
async function put(page: Page, kind: "paste" | "drop", data: Readonly<Record<string, string>>) {
  const isLeft = await page.evaluate(`(() => {
    const area = document.querySelector("textarea");
    const data = new DataTransfer();
    for (const [type, text] of Object.entries(${JSON.stringify(data)})) data.setData(type, text);
    const options = { bubbles: true, cancelable: true };
    const event = ${JSON.stringify(kind)} === "paste"
      ? new ClipboardEvent("paste", { ...options, clipboardData: data })
      : new DragEvent("drop", { ...options, dataTransfer: data });
    return area.dispatchEvent(event);
  })()`);
  return isLeft ? "left to the browser" : "taken";
}

describeDashboard("pasting into a new request", { settings: { pendingMs: "never" } }, (dashboard) => {
  const table = `sku\timage\n1\t${image("a.jpg")}\n2\t${image("b.jpg")}, ${image("a.jpg")}\n3\thttps://other.example/c.jpg`;
  const found = [image("a.jpg"), image("b.jpg")].join("\n");

  test("the URLs in pasted text are put one on a line, with a way back to the text and to before", async () => {
    const page = await dashboard.open("/new");
    await urls(page).fill(image("typed.jpg"));
    await urls(page).press("Control+End");
    expect(await put(page, "paste", { "text/plain": table })).toBe("taken");
    await expect.poll(() => text(page)).toBe(`${image("typed.jpg")}\n${found}`);
    const note =
      "2 URLs found in what you pasted. Left out: 1 repetition, 1 line without a URL, 1 URL that is not under your endpoints (https://other.example/c.jpg).";
    await visible(page, note);
    await said(page, 3).toContain("b.jpg");
    await look(page, "paste-found");

    await press(page, "Keep as pasted");
    await expect.poll(() => text(page)).toBe(`${image("typed.jpg")}${table}`);
    await expect.poll(() => page.getByText(note).count()).toBe(0);
    await urls(page).press("Control+z");
    await urls(page).press("Control+z");
    await expect.poll(() => text(page)).toBe(image("typed.jpg"));

    await put(page, "paste", { "text/plain": table });
    await press(page, "Undo");
    await expect.poll(() => text(page)).toBe(image("typed.jpg"));
    await put(page, "paste", { "text/plain": table });
    await urls(page).press("Control+z");
    await expect.poll(() => text(page)).toBe(image("typed.jpg"));
    await expect.poll(() => page.getByText(note).count()).toBe(0);
  });

  test("a list that is pasted stays as it is, and so does text without a URL", async () => {
    const page = await dashboard.open("/new");
    await urls(page).focus();
    for (const plain of [found, image("a.jpg"), "shoes", `${found}\nhttps://ik.imagekit.io/dmo/c.jpg`]) {
      expect(await put(page, "paste", { "text/plain": plain })).toBe("left to the browser");
    }
    await expect.poll(() => page.getByText("found in what you pasted").count()).toBe(0);
  });

  test("links whose text is a name are found in formatted text, and dropped text is searched too", async () => {
    const page = await dashboard.open("/new");
    const html = `<a href="${image("linked.jpg")}">the shoe</a>`;
    await urls(page).focus();
    expect(await put(page, "paste", { "text/plain": "the shoe", "text/html": html })).toBe("taken");
    await expect.poll(() => text(page)).toBe(image("linked.jpg"));
    expect(await put(page, "drop", { "text/plain": `see ${image("dropped.jpg")}` })).toBe("taken");
    await expect.poll(() => text(page)).toBe(`${image("linked.jpg")}\n${image("dropped.jpg")}`);
  });

  test("all suggestions can be used at once", async () => {
    const page = await dashboard.open("/new");
    await urls(page).fill(
      ["ftp://ik.imagekit.io/demo/a.jpg", image("fine.jpg"), `<${image("b.jpg")}>`].join("\n"),
    );
    await visible(page, "2 lines have a suggestion.");
    await look(page, "paste-suggestions");
    await press(page, "Use all suggestions");
    await expect
      .poll(() => text(page))
      .toBe(["https://ik.imagekit.io/demo/a.jpg", image("fine.jpg"), image("b.jpg")].join("\n"));
    await visible(page, /^3 ready, costs 3 units/);
    await urls(page).press("Control+z");
    await expect.poll(() => text(page)).toContain("ftp://");
  });

  test("a probable mistake is sent after a click, alone, and the click stays with its line", async () => {
    const page = await dashboard.open("/new");
    const mistake = image("{{handle}}.jpg");
    await urls(page).fill(`${mistake}\n${image("[object Object].jpg")}\n${image("ready.jpg")}`);
    await said(page, 1).toContain("Probably a mistake");
    await visible(page, "1 ready, 2 to fix, costs 1 unit.");
    await visible(page, "Lines 1 and 2 are probably mistakes. Correct them, or choose to send them anyway.");
    await expect.poll(() => submitButton(page).isDisabled()).toBe(true);
    await look(page, "mistakes");
    await page.getByLabel("Send it anyway: line 1").check();
    await visible(page, "2 ready, 1 to fix, costs 2 units.");
    await urls(page).fill(`${image("ready.jpg")}\n${mistake}`);
    await visible(page, "2 ready, costs 2 units.");
    await expect.poll(() => page.getByLabel("Send it anyway: line 2").isChecked()).toBe(true);
    await visible(page, "Confirmed by the server");
    await page.reload();
    await visible(page, "2 ready, costs 2 units.");
    await submitButton(page).click();
    await page.waitForURL(/\/batches\/b_/);
    await expect.poll(() => dashboard.imagekit.control.totals("send").accepted).toBe(2);
  });

  test("a caution is amber and said first, and details are behind Why", async () => {
    const page = await dashboard.open("/new");
    await urls(page).fill(
      [`${image("a.jpg")})`, image("shoes*/b.jpg"), "https://ik.imagekit.io/demo/s*"].join("\n"),
    );
    await said(page, 1).toContain("Ready");
    await expect.poll(() => row(page, 1).locator(".note.caution").count()).toBe(1);
    const why = page.getByText("Why", { exact: true }).first();
    await why.click();
    await look(page, "cautions");
  });

  test("without a script the check finds the URLs, and Enter checks what is shown", async () => {
    const page = await dashboard.open("/new");
    await withoutScript(page);
    await urls(page).fill(table);
    await press(page, "Check");
    await visible(page, "2 URLs found in what you entered.");
    await expect.poll(() => text(page)).toBe(found);
    await look(page, "paste-without-script");
    await page.getByLabel(/Reason/).press("Enter");
    await expect.poll(() => text(page)).toBe(found);
    await page.goBack();
    await press(page, "Keep as pasted");
    await expect.poll(() => text(page)).toBe(table);
    await expect.poll(() => page.getByText("found in what you entered").count()).toBe(0);
  });
});

describeDashboard(
  "holding part of a new request",
  { settings: { pendingMs: "never" }, env: { PURGE_MONTHLY_QUOTA: "5" } },
  (dashboard) => {
    const lines = Array.from({ length: 7 }, (_, index) => image(`held-${index}.jpg`));

    test.each([true, false])(
      "a request that exceeds the budget says which lines go now and which are held (script: %s)",
      async (hasScript) => {
        const page = await dashboard.open("/new");
        if (!hasScript) await withoutScript(page);
        await urls(page).fill([...lines, lines[0]].join("\n"));
        if (hasScript) {
          await visible(
            page,
            /^This needs 7 units and 5 are left\. Submit fewer lines, or hold the rest: 5 now, 2 on /,
          );
        }
        await page.getByLabel(/until there is budget/).check();
        if (!hasScript) await press(page, "Check");
        await said(page, 5).toContain("Ready");
        await said(page, 6).toMatch(/Held until 1 \w{3}, 1 unit/);
        await said(page, 8).toContain("Repeated");
        await visible(
          page,
          /^The first 5 go out now; 2 lines are held, and sent in order as soon as there is budget/,
        );
        await expect.poll(() => submitButton(page).textContent()).toMatch(/^Submit 5 now, 2 on 1 \w{3}$/);
        await look(page, `hold-${hasScript}`);
      },
    );
  },
);
