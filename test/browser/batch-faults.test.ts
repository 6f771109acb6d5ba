import { expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { look } from "./look.ts";
import { submitTo, textOf } from "./submitting.ts";

describeDashboard("watching a send that hangs", { settings: { pendingMs: "never" } }, (dashboard) => {
  test("a purge that hangs is shown while it hangs, and as unknown afterwards", async () => {
    dashboard.imagekit.control.addFaults({ endpoint: "send", kind: "hang", urlContains: "hang" });
    const submitting = submitTo(dashboard, ["hang.jpg"]);
    const findId = async () => (await (await dashboard.api("/api/purges?q=hang.jpg")).json()).purges[0]?.id;
    await expect.poll(findId).toBeDefined();
    const page = await dashboard.open(`/purges/${await findId()}`);
    await expect.poll(() => textOf(page)).toContain("Waiting for ImageKit’s answer");
    await expect.poll(() => textOf(page)).toContain("ImageKit has 15 seconds to answer");
    await look(page, "watch-sending");
    dashboard.passTime(60_000);
    await dashboard.sweep();
    await page.reload();
    await expect.poll(() => textOf(page)).toContain("or may never have received it");
    await expect
      .poll(() => textOf(page))
      .toMatch(/It is resent automatically at .*, once, for one more unit/);
    await page.goto(dashboard.url + (await submitting).path);
    await expect
      .poll(() => page.getByRole("progressbar").getAttribute("aria-valuetext"))
      .toBe("0 of 1 completed, 1 unknown");
  });
});

describeDashboard("watching while ImageKit fails", { settings: { pendingMs: "never" } }, (dashboard) => {
  test("each of ImageKit's faults is explained on its line, with the next step", async () => {
    dashboard.imagekit.control.addFaults(
      {
        endpoint: "send",
        kind: 400,
        urlContains: "refused",
        message: "The URL is not valid for cache purging.",
      },
      { endpoint: "send", kind: "reset-after-processing", urlContains: "lost" },
      { endpoint: "send", kind: 429, urlContains: "storm", times: "forever", resetMs: 600_000 },
    );
    const names = [
      "fine.jpg",
      "refused.jpg",
      "fine.jpg",
      "lost.jpg",
      "storm.jpg",
      "new/autumn/*",
      "new/autumn/a.jpg",
    ];
    const { path } = await submitTo(dashboard, [...names, "%00*bad*"], { onInvalid: "skip" });
    const page = await dashboard.open(path);
    const line = (number: number) => page.locator(`#line-${number}`);
    for (const number of [2, 4, 5]) await line(number).locator("summary").first().click();
    await expect
      .poll(() => line(2).textContent())
      .toContain("ImageKit refused it: 400: The URL is not valid");
    await expect.poll(() => line(3).textContent()).toContain("same as line 1");
    await expect.poll(() => line(4).textContent()).toContain("or may never have received it");
    await expect
      .poll(() => line(4).textContent())
      .toMatch(/It is resent automatically at .*, once, for one more unit/);
    await expect.poll(() => line(5).textContent()).toContain("ImageKit asked to slow down (429)");
    // The page names the pause once, above the lines.
    await expect.poll(() => line(5).textContent()).toContain("when the pause named above is over");
    await expect.poll(() => page.locator("main").textContent()).toContain("ImageKit asked for a pause until");
    await expect
      .poll(() => line(7).textContent())
      .toContain("new/autumn/a.jpg covered by the wildcard on line 6");
    await expect.poll(() => line(8).textContent()).toContain("Rejected");
    await look(page, "faults");
    await page.getByRole("link", { name: "1 unknown" }).click();
    await page.waitForURL(/#line-4$/);
  });
});

describeDashboard("watching, with a key that ImageKit refuses", {}, (dashboard) => {
  test("with a key that ImageKit refuses nothing is sent or lost, and the page says what to check", async () => {
    dashboard.imagekit.control.addFaults({ endpoint: "send", kind: 401, times: "forever" });
    const { path, purge } = await submitTo(dashboard, ["blocked.jpg"]);
    const page = await dashboard.open(purge);
    await expect.poll(() => textOf(page)).toContain("ImageKit does not accept the private key (401)");
    await expect.poll(() => textOf(page)).toContain("Next try: at");
    await look(page, "refused-key");
    await page.goto(dashboard.url + path);
    await expect.poll(() => page.locator("#line-1 .state").textContent()).toBe("Queued");
  });
});
