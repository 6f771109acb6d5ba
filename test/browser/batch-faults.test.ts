import { expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { look, submitTo, textOf } from "./submitting.ts";

describeDashboard("watching while ImageKit fails", { settings: { pendingMs: "never" } }, (dashboard) => {
  test("a purge that hangs is shown while it hangs, and as unknown afterwards", {
    timeout: 90_000,
  }, async () => {
    dashboard.imagekit.control.addFaults({ endpoint: "send", kind: "hang", urlContains: "hang" });
    const submitting = submitTo(dashboard, ["hang.jpg"]);
    const findId = async () => (await (await dashboard.api("/api/purges?q=hang.jpg")).json()).purges[0]?.id;
    await expect.poll(findId).toBeDefined();
    const page = await dashboard.open(`/purges/${await findId()}`);
    expect(await textOf(page)).toContain("Waiting for ImageKit’s answer");
    expect(await textOf(page)).toContain("ImageKit has 15 seconds to answer");
    await look(page, "sending");
    await expect
      .poll(async () => (await page.reload()) && textOf(page), { timeout: 60_000, interval: 250 })
      .toContain("or may never have received it");
    expect(await textOf(page)).toMatch(/It is resent automatically at .*, once, for one more unit/);
    await page.goto(dashboard.url + (await submitting).path);
    expect(await page.getByRole("progressbar").getAttribute("aria-valuetext")).toBe(
      "0 of 1 completed, 1 unknown",
    );
  });

  test("each of ImageKit's faults is explained on its line, with the next step", async () => {
    dashboard.imagekit.control.addFaults(
      {
        endpoint: "send",
        kind: 400,
        urlContains: "refused",
        message: "The URL is not valid for cache purging.",
      },
      { endpoint: "send", kind: "reset-after-processing", urlContains: "lost" },
      { endpoint: "send", kind: 429, urlContains: "storm", times: "forever", resetMs: 60_000 },
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
    expect(await line(2).textContent()).toContain("ImageKit refused it: 400: The URL is not valid");
    expect(await line(3).textContent()).toContain("same as line 1");
    expect(await line(4).textContent()).toContain("or may never have received it");
    expect(await line(4).textContent()).toMatch(/It is resent automatically at .*, once, for one more unit/);
    expect(await line(5).textContent()).toContain("ImageKit asked to slow down (429)");
    // The page names the pause once, above the lines.
    expect(await line(5).textContent()).toContain("when the pause named above is over");
    expect(await page.locator("main").textContent()).toContain("ImageKit asked for a pause until");
    expect(await line(7).textContent()).toContain("new/autumn/a.jpg covered by the wildcard on line 6");
    expect(await line(8).textContent()).toContain("Rejected");
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
    expect(await textOf(page)).toContain("ImageKit does not accept the private key (401)");
    expect(await textOf(page)).toContain("Next try: at");
    await look(page, "refused-key");
    await page.goto(dashboard.url + path);
    expect(await page.locator("#line-1 .state").textContent()).toBe("Queued");
  });
});
