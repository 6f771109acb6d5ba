import { createHash } from "node:crypto";
import type { Browser } from "playwright-core";
import { readConfig } from "../../src/config.ts";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { createApp } from "../../src/http/app.ts";
import { serveAssets } from "../../src/local/assets.ts";
import { listen } from "../../src/local/listen.ts";
import { createServices } from "../../src/services.ts";
import { installedChromium, launchChromium } from "../support/launch-chromium.ts";
import { type Figure, information, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import { median } from "./statistics.ts";
import type { Workbench } from "./workbench.ts";

const rounds = 7;
/** Lighthouse's phone: slow 4G, and a processor four times slower than this one. */
const network = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 };
const slowerBy = 4;
/** The limit below which Lighthouse calls it good. */
const targetMs = 1_800;

/** When the list of 50 requests first shows content, on a slow phone without JavaScript. */
export async function firstPaint(bench: Workbench): Promise<readonly Figure[]> {
  const what = "first paint of the list of 50, no script, slow 4G and CPU / 4";
  if (installedChromium() === undefined) return [information(what, "Chromium is not installed: left out")];
  await bench.clear();
  await bench.serve().call("/api/purges", { urls: shopUrls(60, "paint"), reason: "New photos" });
  const server = await startDashboard(bench);
  const browser = await launchChromium();
  const paintsMs: number[] = [];
  for (let round = 0; round < rounds; round++) paintsMs.push(await paintMs(browser, server));
  await browser.close();
  await server.close();
  const paint = median(paintsMs);
  return [withTarget(what, `${paint.toFixed(0)} ms`, `< ${targetMs} ms (Lighthouse)`, paint < targetMs)];
}

type Served = { readonly url: string; readonly cookie: string; readonly close: () => Promise<void> };

async function startDashboard({ settings }: Workbench): Promise<Served> {
  const token = `pd_${"b".repeat(43)}`;
  const reading = readConfig({
    ...settings,
    PURGE_TOKENS: `bench:admin:${createHash("sha256").update(token).digest("hex")}`,
    PURGE_SESSION_SECRET: "a secret of the benchmarks, long enough",
  });
  if ("problems" in reading) throw new Error(reading.problems.join("; "));
  const app = createApp(createServices(reading.config, { writeLog: () => undefined }), [dashboardRoutes()]);
  const assets = serveAssets();
  const { url, close } = await listen({
    fetch: async (request, platform) => (await assets(request)) ?? app.fetch(request, platform),
    port: 0,
    onError: () => undefined,
  });
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: url, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }).toString(),
  });
  return { url, cookie: (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "", close };
}

async function paintMs(browser: Browser, { url, cookie }: Served): Promise<number> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
    extraHTTPHeaders: { Cookie: cookie },
  });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.emulateNetworkConditions", network);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowerBy });
  await page.goto(url);
  if ((await page.getByRole("row").count()) !== 51) throw new Error("this is not the list of 50");
  // Looked up afterwards, not observed: without JavaScript no callback runs in the page.
  const lookUp = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime`;
  let paint = await page.evaluate(lookUp);
  while (paint === undefined) paint = await page.waitForTimeout(20).then(() => page.evaluate(lookUp));
  await context.close();
  return Number(paint);
}
