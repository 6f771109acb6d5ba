/**
 * `npm run screenshots`: takes the README's pictures from the running product, in light and dark. Times, names and the
 * batch's id are the same in every run, so a picture changes only when the page, Chromium or the fonts do.
 */

import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { launchChromium } from "../../support/launch-chromium.ts";
import { passDays, passMorning, today } from "./month.ts";
import { openShop } from "./shop.ts";

const viewport = { width: 1280, height: 800 };

const newRequest = [
  "https://ik.imagekit.io/fjord/vest/moss.jpg",
  "https://ik.imagekit.io/fjord/vest/moss.jpg?tr=w-400",
  "https://ik.imagekit.io/fjord/campaigns/sale/*",
  "https://ik.imagekit.io/fjord/campaigns/sale/teaser.jpg",
  "https://cdn.example.com/vest/moss.jpg",
];

const shop = await openShop(today);
const browser = await launchChromium();
try {
  await passDays(shop);
  const batch = await passMorning(shop);
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    timezoneId: "UTC",
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  await context.addCookies([await shop.signIn("maria")]);
  const page = await context.newPage();
  await page.clock.setFixedTime(today);
  const open = (path: string) => page.goto(shop.url + path, { waitUntil: "networkidle" });

  await open("/");
  await take(page, "requests", page.getByRole("row").nth(8), 0);

  await open("/new");
  await page.getByLabel("Images or URLs, one per line").fill(newRequest.join("\n"));
  await page.getByLabel(/Skip lines/).check();
  const reason = page.getByLabel(/Reason/);
  await reason.fill("winter sale");
  await reason.blur();
  await page.mouse.move(0, 0);
  await page.getByText("Confirmed by the server").first().waitFor();
  await take(page, "new-request", page.locator(".request"));

  await open("/budget");
  await take(page, "budget", page.locator(".card").filter({ hasText: "Show as a table" }));

  await open("/profiles");
  await take(page, "profiles", page.locator("main > *").last());

  await open(batch);
  await take(page, "batch", page.locator("article"));
} finally {
  await browser.close();
  await shop.close();
}

/** One picture for each theme, from the top of the page to this many pixels below the element. */
async function take(page: Page, name: string, last: Locator, marginPx = 16): Promise<void> {
  const box = await last.boundingBox();
  if (box === null) throw new Error(`${name}: the last element is not shown`);
  const height = Math.round(box.y + box.height) + marginPx;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const path = fileURLToPath(new URL(`${name}-${colorScheme}.png`, import.meta.url));
    const clip = { x: 0, y: 0, width: viewport.width, height };
    await page.screenshot({ path, clip, fullPage: true });
    console.log(path);
  }
}
