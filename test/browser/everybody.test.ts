import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { acceptedLongAgo, submitTo, urlOf } from "./submitting.ts";

describeDashboard("for everybody", { settings: { pendingMs: "never" } }, (dashboard) => {
  const pages = [
    "/",
    "/new",
    "/profiles",
    "/profiles/edit",
    "/budget",
    "/health",
    "/missing",
    "a purge",
    "a batch",
    "/api/docs",
  ];
  let paths: Readonly<Record<string, string>> = {};
  beforeEach(async () => {
    const { path, purge } = await submitTo(dashboard, ["shoe.jpg", "autumn/boot.jpg*"], {
      reason: "تغيير الصورة",
    });
    const { url: UPSTASH_REDIS_REST_URL, token: UPSTASH_REDIS_REST_TOKEN } = dashboard.redis;
    const [, overdue = ""] = await acceptedLongAgo(
      { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN },
      20 * 60_000,
    );
    paths = { "a purge": purge, "a batch": path, "an overdue purge": overdue };
  });
  const open = (page: string) => dashboard.open(paths[page] ?? page, "admin", { expected: /404/ });

  test.each(pages)("on %s every control is at least 24 px wide and high, on a phone too", async (name) => {
    const page = await open(name);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await expect.poll(() => page.evaluate(smallControls), { message: `at ${width} px` }).toEqual([]);
    }
  });

  test.each(["/", "/profiles", "/budget", "/health"])(
    "on %s forced colours show the current section",
    async (name) => {
      const page = await open(name);
      await page.emulateMedia({ forcedColors: "active" });
      const outlines = await page.evaluate<readonly string[]>(
        `[...document.querySelectorAll("nav a")].map((link) => getComputedStyle(link).outlineStyle)`,
      );
      expect(outlines.filter((style) => style !== "none")).toHaveLength(1);
      expect(outlines[["/", "/profiles", "/budget", "/health"].indexOf(name)]).toBe("solid");
    },
  );

  test.each([
    [1280, 800],
    [640, 400],
    [320, 200],
  ])(
    "at %i × %i px (zoom) nothing that sticks covers what has the focus in the dialog",
    async (width, height) => {
      const page = await dashboard.open("/", "purge");
      await page.setViewportSize({ width, height });
      await page.locator("#new-request").click();
      await page
        .getByLabel("Images or URLs, one per line")
        .fill(Array.from({ length: 30 }, (_, n) => urlOf(`${n}.jpg`)).join("\n"));
      await expect.poll(() => page.getByRole("button", { name: /^Submit/ }).isEnabled()).toBe(true);
      const seen = new Set<string>();
      for (const direction of ["Tab", "Shift+Tab"]) {
        for (let press = 0; press < 12; press++) {
          await page.keyboard.press(direction);
          const focused = () => page.evaluate<{ name: string; covered: number }>(coveredPart);
          const { name } = await focused();
          await expect
            .poll(async () => (await focused()).covered, { message: `${direction} to ${name}` })
            .toBeLessThan(1);
          seen.add(name);
        }
      }
      expect(seen.size).toBeGreaterThan(4);
    },
  );

  test("what people write runs in its own direction, and URLs from left to right", async () => {
    const page = await open("a batch");
    const directions = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll("bdi, .target")].map((each) => getComputedStyle(each).direction + " " + each.textContent.slice(0, 5))`,
    );
    expect(directions).toContain("rtl تغيير");
    expect(directions).toContain("ltr https");
    await page.goto(`${dashboard.url}/new`);
    await page.getByLabel(/Reason/).fill("تغيير");
    const direction = `getComputedStyle(document.activeElement).direction`;
    await expect.poll(() => page.evaluate(direction)).toBe("rtl");
  });

  test("a print has whole times and whole texts, and no controls", async () => {
    const page = await open("an overdue purge");
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    await page.emulateMedia({ media: "print" });
    const times = await page.locator("main time").allTextContents();
    expect(times.length).toBeGreaterThan(3);
    expect(times.filter((text) => !/^\d+ \w+ \d{4}, \d\d:\d\d:\d\d \S+/.test(text))).toEqual([]);
    await expect
      .poll(() => page.locator("button:visible, input:visible, nav:visible, .button:visible").count())
      .toBe(0);
    const isCut = `[...document.querySelectorAll(".support-text")].map((each) => each.scrollHeight > each.clientHeight + 1)`;
    expect(new Set(await page.evaluate<boolean[]>(isCut))).toEqual(new Set([false]));
    await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
    expect(await page.locator("main time").allTextContents()).not.toEqual(times);
  });

  test("without a script a long list is not called so many of 100", async () => {
    const page = await dashboard.open("/new", "purge", { javaScriptEnabled: false, expected: /422/ });
    const urls = Array.from({ length: 130 }, (_, n) => urlOf(`many/${n}.jpg`)).join("\n");
    await page.getByLabel("Images or URLs, one per line").fill(urls);
    await page.getByRole("button", { name: "Check" }).click();
    await expect.poll(() => linesShown(page)).toBe("130");
  });
});

const linesShown = (page: Page) => page.locator(".request-tally dd").first().textContent();

/** Controls that are smaller than 24 px and do not stand in a sentence. A box counts with its label. */
const smallControls = `[...document.querySelectorAll("a[href], button, input, select, textarea, summary")].flatMap((control) => {
  if (!control.checkVisibility({ visibilityProperty: true }) || control.matches(".skip, [type=hidden]")) return [];
  const target = control.matches("[type=checkbox], [type=radio]") ? control.closest("label") : control;
  const { width, height } = target.getBoundingClientRect();
  const isInSentence = getComputedStyle(control).display === "inline" &&
    [...control.parentElement.childNodes].some((other) => other !== control && other.textContent.trim() !== "");
  const isSmall = width < 23.9 || height < 23.9;
  return isSmall && !isInSentence ? [control.outerHTML.slice(0, 120) + " " + width + " × " + height] : [];
})`;

/** How much of what has the focus, in px of its height, lies below something that sticks. */
const coveredPart = `(() => {
  const focused = document.activeElement;
  // After the last control the browser's own have the focus.
  if (focused === document.body) return { name: "none", covered: 0 };
  const rect = focused.getBoundingClientRect();
  const covers = [...document.querySelectorAll("dialog *")].filter((each) =>
    ["sticky", "fixed"].includes(getComputedStyle(each).position) && !each.contains(focused) && !focused.contains(each));
  const overlaps = covers.map((cover) => {
    const { top, bottom } = cover.getBoundingClientRect();
    return Math.min(rect.bottom, bottom) - Math.max(rect.top, top);
  });
  return { name: focused.outerHTML.slice(0, 60), covered: Math.max(0, ...overlaps) };
})()`;
