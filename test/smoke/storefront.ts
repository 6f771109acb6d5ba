/**
 * `npm run smoke:storefront`: the storefront in test/fixtures as its owner would have it. It installs what `npm pack` made,
 * is built and run by Netlify's command line, has Purge Desk below /_purge, purges after an upload, and purges what a deploy
 * changed: against the simulated ImageKit. Needs redis-server, and the npm registry.
 */

import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ImageKit from "@imagekit/nodejs";
import * as z from "zod";
import { startSimulatedImageKit } from "../../src/local/imagekit/simulated-imagekit.ts";
import { startBridge } from "../../src/local/redis/bridge.ts";
import { startRealRedis } from "../../src/local/redis/real-redis.ts";
import { expectEqual, freePort, start, stop, sweepNow, until } from "./netlify.ts";
import {
  build,
  changeImages,
  copyWithoutFunctions,
  expectFunctions,
  install,
  manifestOf,
  setInputs,
} from "./storefront-build.ts";
import { addFailure, startOutside } from "./storefront-outside.ts";

const endpoint = "https://ik.imagekit.io/demo";
const health = z.object({ checks: z.array(z.object({ name: z.string(), seen: z.string() })) });
const sentWords = "sent to be purged";

async function smoke(folder: string, copy: string): Promise<void> {
  const redis = await startRealRedis();
  const bridge = await startBridge({ redis: redis.address, token: randomBytes(16).toString("hex") });
  const imagekit = await startSimulatedImageKit({ settings: { pendingMs: 1_000 } });
  const uploads: string[] = [];
  const outside = await startOutside((path) => {
    uploads.push(path);
    imagekit.control.cdn.replace(endpoint + path);
  });
  const outsideOfCopy = await startOutside();
  const token = `pd_${randomBytes(32).toString("base64url")}`;
  const port = await freePort();
  const site = `http://localhost:${port}`;
  const env = {
    IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
    IMAGEKIT_API_BASE_URL: imagekit.url,
    IMAGEKIT_URL_ENDPOINTS: endpoint,
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: bridge.token,
    PURGE_TOKENS: `storefront:admin:${createHash("sha256").update(token).digest("hex")}`,
    PURGE_SESSION_SECRET: randomBytes(32).toString("hex"),
    PURGE_DESK_URL: `${site}/_purge`,
    PURGE_DESK_TOKEN: token,
    ...outside.env,
  };
  const envOfCopy = { ...env, ...outsideOfCopy.env };
  const purged = () => [...imagekit.control.byUrl().keys()].map((url) => url.slice(endpoint.length)).sort();

  await install(folder);
  const names = ["cap.gif", "scarf.gif", "glove.gif", "boot.gif", "sock.gif"];
  await changeImages(folder, Object.fromEntries(names.map((name) => [name, `the first ${name}`])));
  await copyWithoutFunctions(folder, copy);
  await changeImages(folder, { "scarf.gif": "another scarf", "glove.gif": "another glove" });
  const first = await build("first deploy", folder, env);
  expectEqual(
    "the first build purges nothing and says so",
    first.includes("no manifest of images is live yet"),
    true,
  );
  await expectFunctions(folder);
  outsideOfCopy.publish(await manifestOf(folder));

  const dev = ["dev", "--offline", "--no-open", "--internal-disable-edge-functions", "--port", String(port)];
  const emulator = start(dev, env, folder);
  try {
    await until("Purge Desk answers below /_purge", 300_000, async () => {
      return (await fetch(`${site}/_purge/api/health`)).status === 200;
    });
    await expectPages(site, token);
    await expectUpload(site);
    expectEqual(
      "the image is uploaded and then purged, each once",
      [uploads, purged()],
      [["/images/shoe.gif"], ["/images/shoe.gif*"]],
    );
    await expectClient(site);
    await expectSdk(site, token);

    await sweepNow(site, "purge-desk-sweep");
    const headers = { Authorization: `Bearer ${token}` };
    const { checks } = health.parse(await (await fetch(`${site}/_purge/api/health`, { headers })).json());
    const swept = checks.find(({ name }) => name === "sweep")?.seen;
    expectEqual("the sweep ran", swept?.startsWith("last known run"), true);

    await changeImages(folder, {
      "shoe.gif": "another shoe",
      "coat.gif": "a coat",
      "hat.gif": undefined,
      "beret.gif": { was: "cap.gif" },
    });
    const second = await build("second deploy", folder, env);
    expectEqual(
      "a deploy compares, purges, and says so",
      [
        second.includes("1 image changed, 2 images gone"),
        second.includes(`3 images ${sentWords}, for 3 units.`),
      ],
      [true, true],
    );

    // Meanwhile these purges settle.
    await expectRollback(copy, envOfCopy);
    outsideOfCopy.publish(await manifestOf(copy));
    await expectNothingPurged(copy, envOfCopy);
    const ofDeploys = ["cap", "glove", "hat", "scarf", "shoe"].map((name) => `/images/${name}.gif*`);
    await until("the sweep sends what the deploys purged", 60_000, async () => {
      await sweepNow(site, "purge-desk-sweep");
      return ofDeploys.every((path) => purged().includes(path));
    });
    const all = [...ofDeploys, "/images/by-sdk.gif", "/images/published.gif*"].sort();
    expectEqual(
      "what changed, what went, under its old name if it was renamed, and what a rollback changed back",
      purged(),
      all,
    );
    expectEqual("and nothing else", imagekit.control.totals("send").total, all.length + 1);
  } finally {
    stop(emulator);
    outside.close();
    outsideOfCopy.close();
    await Promise.allSettled([imagekit.close(), bridge.close()]);
    await redis.close();
  }
}

async function expectPages(site: string, token: string): Promise<void> {
  expectEqual("the storefront has its own page", await page(`${site}/`), [200, "Storefront"]);
  expectEqual("and its own 404", await page(`${site}/purges`), [404, "Not found"]);
  const [status, title] = await page(`${site}/_purge`);
  expectEqual(
    "the dashboard asks a stranger to sign in",
    [status, title?.startsWith("Sign in")],
    [200, true],
  );
  const style = await fetch(`${site}/_purge/assets/dashboard.css`);
  expectEqual("its files are served", style.headers.get("Content-Type")?.startsWith("text/css"), true);
  const [docs] = await page(`${site}/_purge/api/docs`);
  expectEqual("so is the API's page", docs, 200);
  const signedIn = await fetch(`${site}/_purge/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: site },
    body: new URLSearchParams({ token }),
  });
  const Cookie = signedIn.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  expectEqual("who signs in sees the requests", await page(`${site}/_purge`, { Cookie }), [
    200,
    "Requests · Purge Desk",
  ]);
}

async function expectUpload(site: string): Promise<void> {
  const uploaded = await fetch(`${site}/upload?path=/images/shoe.gif`, { method: "PUT", body: "a new shoe" });
  const { cleared, units } = z
    .object({ cleared: z.boolean(), units: z.number() })
    .parse(await uploaded.json());
  expectEqual("an upload is purged, and ImageKit says Completed", [cleared, units], [true, 1]);
}

/** ImageKit's own SDK, unchanged: its base URL is where the storefront has Purge Desk. */
async function expectSdk(site: string, token: string): Promise<void> {
  const sdk = new ImageKit({ baseURL: `${site}/_purge`, privateKey: token });
  const { requestId = "" } = await sdk.cache.invalidation.create({ url: `${endpoint}/images/by-sdk.gif` });
  await until("the SDK's purge is Completed", 60_000, async () => {
    return (await sdk.cache.invalidation.get(requestId)).status === "Completed";
  });
}

/** The client in a function of the storefront, which has nothing of Purge Desk but the client. */
async function expectClient(site: string): Promise<void> {
  const publish = async (body: object) => {
    const answer = await fetch(`${site}/publish-images`, { method: "POST", body: JSON.stringify(body) });
    return answer.json();
  };
  const waited = z
    .object({ end: z.string(), progress: z.array(z.string()).min(1) })
    .parse(await publish({ images: ["/images/published.gif"], waitMs: 25_000 }));
  expectEqual(
    "a function that waits hears how far it is",
    [waited.end, waited.progress.at(-1)],
    ["done", "1 of 1"],
  );
  const aborted = await publish({ images: ["/images/later.gif"], settleSeconds: 600, waitMs: 1_500 });
  expectEqual("a function that aborts its wait leaves the purge alone", aborted, {
    end: "aborted",
    progress: ["0 of 1"],
    state: "queued",
  });
}

/** A deploy of the images as they were before the first deploy. */
async function expectRollback(folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  const rollback = await build("rollback", folder, env);
  expectEqual(
    "a deploy of older images purges what it changes back",
    [rollback.includes(`2 images ${sentWords}, for 2 units.`), rollback.includes("  /images/scarf.gif")],
    [true, true],
  );
}

/** Deploys that purge nothing, each for its own reason. Why else a deploy purges nothing does not depend on Netlify. */
async function expectNothingPurged(folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  await changeImages(folder, { "boot.gif": "another boot", "sock.gif": "another sock" });
  const preview = await build("preview", folder, env, { context: "deploy-preview" });
  expectEqual(
    "a preview compares nothing and purges nothing",
    [preview.includes("not a production deploy"), preview.includes(sentWords)],
    [true, false],
  );
  await setInputs(folder, "dryRun = true");
  const dry = await build("dryRun", folder, env);
  const words = "Dry run: purging 2 images would cost 2 units; nothing was purged.";
  expectEqual("a dry run tells the price", [dry.includes(words), dry.includes(sentWords)], [true, false]);
  await setInputs(folder, "dryRun = false");
  await changeImages(folder, { "boot.gif": "one more boot" });
  await addFailure(folder);
  const failed = await build("failing deploy", folder, env, { code: 2 });
  expectEqual(
    "a deploy that fails has compared, and purges nothing",
    [failed.includes("1 image changed, 0 images gone"), failed.includes(sentWords)],
    [true, false],
  );
}

/** Status and title of a page. */
async function page(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly [number, string | undefined]> {
  const answer = await fetch(url, { headers: { Accept: "text/html", ...headers } });
  return [answer.status, /<title>([^<]*)/.exec(await answer.text())?.[1]];
}

const parent = await mkdtemp(join(tmpdir(), "storefront-"));
try {
  await smoke(join(parent, "shop"), join(parent, "copy"));
  process.exitCode = 0;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await rm(parent, { recursive: true, force: true });
}
process.exit();
