import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { takeScreenshots } from "./look.ts";
import { completeAtImageKit, impatient } from "./submitting.ts";

const photo = (name: string) => `https://ik.imagekit.io/demo/catalog/${name}.jpg`;
/** Chromium reports on its console what a test takes away from it on purpose. */
const expected = /Failed to load resource/;

describeDashboard("a page that keeps itself true", { settings: { pendingMs: "never" } }, (dashboard) => {
  /** Submits, and gives a function that waits until ImageKit's Completed has arrived in the ledger. */
  const submit = async (urls: readonly string[]) => {
    const { id } = await (await dashboard.api("/api/purges", { urls, reason: "New photos" })).json();
    return async function completed() {
      await completeAtImageKit(dashboard, urls);
      const isDone = async () => {
        dashboard.passTime(6_000);
        return (await (await dashboard.api(`/api/batches/${id}`)).json()).done;
      };
      await expect.poll(isDone, impatient).toBe(true);
    };
  };
  /** A page whose time the test moves; what the page asks for meanwhile is counted. */
  const watch = async (path: string, as?: "admin") => {
    const page = await dashboard.open(path, as, { expected, isAlone: true });
    await page.clock.install();
    await page.reload();
    let asked = 0;
    page.on("request", (request) => {
      if (request.resourceType() === "fetch") asked++;
    });
    return { page, asked: () => asked };
  };
  const row = (page: Page, name: string) =>
    page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: photo(name) }) });
  const note = (page: Page) => page.locator(".connection");

  test("states update automatically until all are completed, and then ever more slowly, for what is new", async () => {
    const firstDone = await submit([photo("watched/boot")]);
    const secondDone = await submit([photo("watched/clog")]);
    const { page, asked } = await watch("/?q=watched");
    await expect.poll(() => row(page, "watched/boot").getByText("Pending").isVisible()).toBe(true);
    const search = page.getByLabel("URL, reason or id");
    await search.fill("half a wo");
    await search.press("ArrowLeft");
    const place = await row(page, "watched/clog").boundingBox();

    await firstDone();
    await submit([photo("watched/newer")]);
    await page.clock.fastForward(6_000);
    await expect.poll(() => row(page, "watched/boot").getByText("Completed").isVisible()).toBe(true);
    await expect.poll(() => page.getByText("1 request completed. 1 newer request.").count()).toBe(1);
    await expect.poll(() => row(page, "watched/clog").getByText("Pending").isVisible()).toBe(true);
    await expect.poll(() => row(page, "watched/clog").boundingBox()).toEqual(place);
    await expect.poll(() => row(page, "watched/newer").count()).toBe(0);
    await expect.poll(() => page.getByRole("link", { name: "997 of 1,000 left" }).count()).toBe(1);
    await expect.poll(() => search.inputValue()).toBe("half a wo");
    const caret = "[document.activeElement.name, document.activeElement.selectionStart].join()";
    await expect.poll(() => page.evaluate(caret)).toBe("q,8");
    await takeScreenshots(page, "requests-newer");
    await expectAccessible(page);

    await secondDone();
    await page.clock.fastForward(6_000);
    await expect.poll(() => page.getByText("under way").count()).toBe(0);
    const before = asked();
    await page.clock.runFor(110_000);
    expect(asked()).toBe(before);
    await expect.poll(() => page.getByText("updated 2 min ago").isVisible()).toBe(true);
    await page.clock.runFor(11_000);
    await expect.poll(asked).toBe(before + 1);
    await expect.poll(() => page.getByText("updated just now").isVisible()).toBe(true);
    await page.clock.runFor(230_000);
    expect(asked()).toBe(before + 1);
    await page.clock.runFor(11_000);
    await expect.poll(asked).toBe(before + 2);

    await page.getByRole("link", { name: "1 newer request" }).click();
    await expect.poll(() => row(page, "watched/newer").isVisible()).toBe(true);
  });

  test("an offline page says since when it may be out of date, and resumes automatically", async () => {
    await submit([photo("offline/boot")]);
    const { page, asked } = await watch("/?q=offline");
    await page.context().setOffline(true);
    await expect.poll(() => note(page).textContent()).toMatch(/^You are offline\. .* the state at \d\d:\d\d/);
    await page.clock.runFor(60_000);
    expect(asked()).toBe(0);
    await expect.poll(() => row(page, "offline/boot").isVisible()).toBe(true);
    await expectAccessible(page);
    await takeScreenshots(page, "requests-offline");
    await page.context().setOffline(false);
    await expect.poll(asked).toBe(1);
    await expect.poll(() => note(page).textContent()).toBe("");
  });

  test("an offline page without open requests promises to update too, because new requests may come", async () => {
    const page = await dashboard.open("/?q=no-such-request", "admin", {
      expected: /ERR_INTERNET_DISCONNECTED/,
    });
    await page.context().setOffline(true);
    await expect
      .poll(() => note(page).textContent())
      .toMatch(/^You are offline\. .* the state at \d\d:\d\d, and updates automatically\.$/);
  });

  test("a server error is announced once, and retried when the server asks", async () => {
    await submit([photo("trouble/boot")]);
    const { page, asked } = await watch("/?q=trouble");
    await page.route(/until=/, (route) => route.fulfill({ status: 503, headers: { "Retry-After": "20" } }));
    await page.clock.fastForward(6_000);
    await expect.poll(() => note(page).textContent()).toContain("Purge Desk has a problem at the moment");
    await page.unroute(/until=/);
    await page.clock.runFor(15_000);
    expect(asked()).toBe(1);
    await page.clock.fastForward(6_000);
    await expect.poll(() => note(page).textContent()).toBe("");
    expect(asked()).toBe(2);
  });

  test("an ended session is announced with a link to sign in, and the page stays", async () => {
    await submit([photo("session/boot")]);
    const { page, asked } = await watch("/?q=session");
    await page.context().clearCookies();
    await page.clock.fastForward(6_000);
    const signIn = page.getByRole("link", { name: "Sign in again" });
    await expect.poll(() => signIn.getAttribute("href")).toBe("/sign-in?next=%2F%3Fq%3Dsession");
    await expect.poll(() => row(page, "session/boot").isVisible()).toBe(true);
    const before = asked();
    await page.clock.runFor(120_000);
    expect(asked()).toBe(before);
    await takeScreenshots(page, "requests-session-ended");
  });

  test("a hidden tab fetches nothing, and updates when it is shown again", async () => {
    await submit([photo("hidden/boot")]);
    const { page, asked } = await watch("/?q=hidden");
    const turn = (state: string) =>
      page.evaluate(`Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
    await turn("hidden");
    await page.clock.runFor(60_000);
    expect(asked()).toBe(0);
    await turn("visible");
    await expect.poll(asked).toBe(1);
  });
});
