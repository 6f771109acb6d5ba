import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { expectAccessible } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";
import { untilShown } from "./submitting.ts";

const endpoint = "https://ik.imagekit.io/demo";
const path = (n: number) => `/products/autumn/shoe-${n}.jpg`;
const page = Array.from(
  { length: 20 },
  (_, n) =>
    `<img src="${endpoint}/tr:w-400${path(n)}" srcset="${endpoint}/tr:w-800${path(n)} 800w, ${endpoint}/tr:w-1200${path(n)} 1200w">`,
).join("\n");

const lines = (of: Page) => of.getByLabel("Images or URLs, one per line");
const submit = (of: Page) => of.getByRole("button", { name: /^Submit/ });

/** For everybody: by axe, and on narrower screens. */
async function check(of: Page): Promise<void> {
  await expectAccessible(of);
  for (const width of [360, 768, 880]) await expectNoSidewaysScroll(of, width);
}

/** Looked at by people as files too. */
async function look(of: Page, name: string): Promise<void> {
  await takeScreenshots(of, name);
  await check(of);
}

describeDashboard("images", { settings: { pendingMs: 0 } }, (dashboard) => {
  /** Saves the profile of all images; `If-Match: *` replaces one that is there. */
  async function saveProfile(transformation: string, headers: Readonly<Record<string, string>> = {}) {
    const answer = await fetch(`${dashboard.url}/api/profiles/all`, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${tokens.admin}`,
        "Content-Type": "application/json",
        ...headers,
      },
      body: JSON.stringify({ paths: ["/"], endpoints: [endpoint], transformations: [transformation] }),
    });
    expect(answer.status).toBeLessThan(300);
  }

  test("from a pasted page to a purged image, a folder taken and given back, and a send that is scheduled and cancelled", async () => {
    const desk = await dashboard.open("/profiles");
    await desk.getByLabel("Paste a product page's HTML or your sitemap").fill(page);
    await desk.getByRole("button", { name: "Find transformations" }).click();
    await desk.getByText("60 image URLs found").waitFor();
    // The price follows what is ticked, without asking the server.
    await expect.poll(() => desk.getByText("4 units an image; 1 if pages used ?tr=").count()).toBe(1);
    await desk.getByLabel(/tr:w-1200/).uncheck();
    await expect
      .poll(() => desk.locator("[data-price]").textContent())
      .toBe("3 units an image; 1 if pages used ?tr=");
    await look(desk, "profiles-learned");
    await desk.getByRole("button", { name: "Save the profile" }).click();
    await desk.getByText("Saved. New requests use it.").waitFor();
    await check(desk);

    await desk.goto(`${dashboard.url}/new`);
    await lines(desk).fill(path(1));
    await desk.getByText("This looks like an image: it is cleared with all its URLs.").waitFor();
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 3 units");
    await submit(desk).click();
    await desk.waitForURL(/\/batches\//);
    await untilShown(dashboard, desk, "1 of 1 completed");
    await expect.poll(() => desk.locator(".of-image .completed").count()).toBe(3);
    await check(desk);

    await desk.goto(`${dashboard.url}/new`);
    await lines(desk).fill(Array.from({ length: 10 }, (_, n) => path(n)).join("\n"));
    const offer = desk.getByRole("button", { name: /^Clear the folder for 3 units.*\/products\/autumn\/$/ });
    await offer.waitFor();
    await look(desk, "new-request-folder");
    await offer.click();
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 3 units");
    const undo = desk.getByRole("button", { name: /^Undo.*\/products\/autumn\/$/ });
    await undo.click();
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 30 units");
    await offer.click();
    await undo.waitFor();

    await desk.getByText("Send it later").click();
    const soon = new Date(Date.now() + 3 * 86_400_000);
    const local = await desk.evaluate(
      `(() => { const at = new Date(${soon.getTime()}); return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16); })()`,
    );
    await desk.getByLabel(/^Time \(yours/).fill(String(local));
    await expect.poll(() => desk.getByLabel(/At a set time/).isChecked()).toBe(true);
    await expect.poll(() => submit(desk).isEnabled()).toBe(true);
    await check(desk);

    // What was chosen comes back with the draft.
    await desk.reload();
    await desk.getByText(/This is your unsent draft/).waitFor();
    await undo.waitFor();
    await expect.poll(() => desk.getByLabel(/^Time \(yours/).inputValue()).toBe(local);
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 3 units");
    await submit(desk).click();
    await desk.waitForURL(/\/batches\//);
    await expect
      .poll(() => desk.locator("#scheduled").textContent())
      .toMatch(/^Scheduled for .*: 3 purges are sent then\./);
    await look(desk, "batch-scheduled");

    const batch = desk.url();
    await desk.goto(`${dashboard.url}/?state=scheduled`);
    await expect.poll(() => desk.locator(".request-row").count()).toBe(3);
    await check(desk);
    await desk.goto(batch);
    await desk.getByText("Cancel 3 purges not sent yet").click();
    await desk.getByRole("button", { name: "Yes, cancel 3 purges" }).click();
    await desk.getByText("10 cancelled").waitFor();
    expect(dashboard.imagekit.control.spent()).toBe(3);
  });

  test("URLs become whole images with one click, and the choice takes it back", async () => {
    await saveProfile("tr:w-{400,800}");
    const desk = await dashboard.open("/new");
    await lines(desk).fill(`${endpoint}/tr:w-400${path(30)}\n${endpoint}${path(30)}`);
    await desk.getByRole("button", { name: "Clear the whole image for 3 units" }).click();
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 3 units");
    await desk.getByText("Repeated", { exact: true }).waitFor();
    await desk.getByLabel("Automatic").check();
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 2 units");
  });

  test("a profile that changes while the form is open changes the price before anything is submitted", async () => {
    await saveProfile("tr:w-{400,800}");
    const desk = await dashboard.open("/new");
    await lines(desk).fill(path(50));
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 3 units");
    await saveProfile("tr:w-{400,800,1200,1600}", { "If-Match": "*" });
    await lines(desk).fill(path(51));
    await expect.poll(() => submit(desk).textContent()).toBe("Submit for 5 units");
  });

  test("a time that has passed blocks the submission, and says why", async () => {
    const desk = await dashboard.open("/new");
    await lines(desk).fill(path(40));
    await desk.getByText("Send it later").click();
    await desk.getByLabel(/^Time \(yours/).fill("2024-01-01T10:00");
    await desk.getByText("The send time has passed. Enter a later one.").waitFor();
    await expect.poll(() => submit(desk).isDisabled()).toBe(true);
  });

  test("a page that is dropped as a file is read for its URLs, and only those are sent", async () => {
    const desk = await dashboard.open("/profiles");
    const buffer = Buffer.from(`<html>${"<p>text</p>".repeat(50_000)}${page}</html>`);
    await desk
      .locator("[data-learn] input[type=file]")
      .setInputFiles({ name: "shop.html", mimeType: "text/html", buffer });
    await desk.getByText("60 URLs added from shop.html.").waitFor();
    await desk.getByRole("button", { name: "Find transformations" }).click();
    await desk.getByText("60 image URLs found").waitFor();
  });
});
