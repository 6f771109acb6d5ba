/**
 * `npm run smoke:storefront`: the storefront in test/fixtures as its owner would have it. It installs what `npm pack` made,
 * is built and run by Netlify's command line, has Purge Desk below /_purge, purges after an upload, and purges what a deploy
 * changed: against the simulated ImageKit. Needs redis-server, and the npm registry.
 */

import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { startSimulatedImageKit } from "../../src/local/imagekit/simulated-imagekit.ts";
import { startBridge } from "../../src/local/redis/bridge.ts";
import { startRealRedis } from "../../src/local/redis/real-redis.ts";
import { expectEqual, freePort, start, stop, until } from "./netlify.ts";
import { addDeploy, startOutside } from "./storefront-outside.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const endpoint = "https://ik.imagekit.io/demo";
const sweepNow = ["functions:invoke", "purge-desk-sweep", "--offline", "--port"];
const health = z.object({ checks: z.array(z.object({ name: z.string(), seen: z.string() })) });

async function smoke(folder: string): Promise<void> {
  const redis = await startRealRedis();
  const bridge = await startBridge({ redis: redis.address, token: randomBytes(16).toString("hex") });
  const imagekit = await startSimulatedImageKit({ settings: { pendingMs: 1_000 } });
  const uploads: string[] = [];
  const outside = await startOutside(folder, (path) => {
    uploads.push(path);
    imagekit.control.cdn.replace(endpoint + path);
  });
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
    UPLOAD_URL: outside.url,
    // Of the site that is live, as Netlify gives it to a build.
    URL: outside.url,
  };
  const purged = () => [...imagekit.control.byUrl().keys()].map((url) => url.slice(endpoint.length)).sort();

  await install(folder);
  const first = await build(folder, env);
  expectEqual(
    "the first build purges nothing and says so",
    first.includes("no manifest of images is live yet"),
    true,
  );
  await expectManifest(folder);

  const dev = ["dev", "--offline", "--no-open", "--internal-disable-edge-functions", "--port", String(port)];
  const emulator = start(dev, env, folder);
  try {
    await until("Purge Desk answers below /_purge", 300_000, async () => {
      return (await fetch(`${site}/_purge/api/health`)).status === 200;
    });
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

    const uploaded = await fetch(`${site}/upload?path=/images/shoe.gif`, {
      method: "PUT",
      body: "a new shoe",
    });
    const answer = z
      .object({ cleared: z.boolean(), units: z.number(), batchId: z.string() })
      .parse(await uploaded.json());
    expectEqual(
      "an upload is purged, and ImageKit says Completed",
      [answer.cleared, answer.units],
      [true, 1],
    );
    expectEqual(
      "in that order, each once",
      [uploads, purged()],
      [["/images/shoe.gif"], ["/images/shoe.gif*"]],
    );

    await once(start([...sweepNow, String(port)], env, folder), "exit");
    const headers = { Authorization: `Bearer ${token}` };
    const { checks } = health.parse(await (await fetch(`${site}/_purge/api/health`, { headers })).json());
    const swept = checks.find(({ name }) => name === "sweep")?.seen;
    expectEqual("the sweep ran", swept?.startsWith("last known run"), true);

    await writeFile(join(folder, "site/images/shoe.gif"), "another shoe");
    await writeFile(join(folder, "site/images/coat.gif"), "a coat");
    await rm(join(folder, "site/images/hat.gif"));
    const second = await build(folder, env);
    expectEqual(
      "a deploy says what it purged",
      second.includes("2 images sent to be purged, for 2 units."),
      true,
    );

    // Meanwhile these purges settle.
    await writeFile(join(folder, "site/images/coat.gif"), "another coat");
    const failed = await build(folder, { ...env, DEPLOY_FAILS: "yes" }, { code: 2 });
    expectEqual(
      "a deploy that fails has compared, and purges nothing",
      [failed.includes("1 image changed, 0 images gone"), failed.includes("sent to be purged")],
      [true, false],
    );
    const preview = await build(folder, env, { context: "deploy-preview" });
    expectEqual(
      "a preview compares nothing and purges nothing",
      [preview.includes("not a production deploy"), preview.includes("sent to be purged")],
      [true, false],
    );
    await until("the sweep sends what the deploy purged", 60_000, async () => {
      if (purged().length > 1) return true;
      await once(start([...sweepNow, String(port)], env, folder), "exit");
      return purged().length > 1;
    });
    expectEqual("what changed and what went", purged(), ["/images/hat.gif*", "/images/shoe.gif*"]);
    expectEqual("and nothing else", imagekit.control.totals("send").total, 3);
  } finally {
    stop(emulator);
    outside.close();
    await Promise.allSettled([imagekit.close(), bridge.close()]);
    await redis.close();
  }
}

/** The package as npm has it, in a copy of the storefront. */
async function install(folder: string): Promise<void> {
  await cp(join(root, "test/fixtures/storefront"), folder, { recursive: true });
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  const tarball = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  await addDeploy(folder);
  await run("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: folder });
  console.log("ok  the storefront has installed the package");
}

/** What Netlify says while it builds. Throws if it ends with another code. */
async function build(
  folder: string,
  env: Readonly<Record<string, string>>,
  { context = "production", code = 0 }: { readonly context?: string; readonly code?: number } = {},
): Promise<string> {
  const words = ["build", "--offline", "--context", context];
  const child = start(words, { ...env, DEPLOY_ID: randomBytes(12).toString("hex") }, folder);
  const output = child.stdout === null ? "" : text(child.stdout);
  const [ended] = await once(child, "exit");
  if (ended !== code) throw new Error(`the build ended with ${ended}:\n${await output}`);
  return output;
}

async function expectManifest(folder: string): Promise<void> {
  const pattern = z.array(z.object({ pattern: z.string() })).optional();
  const built = z.object({
    functions: z.array(
      z.object({
        name: z.string(),
        routes: pattern,
        excludedRoutes: pattern,
        schedule: z.string().optional(),
      }),
    ),
  });
  const { functions } = built.parse(
    JSON.parse(await readFile(join(folder, ".netlify/functions/manifest.json"), "utf8")),
  );
  const patterns = (found: z.output<typeof pattern>) => found?.map((each) => each.pattern) ?? [];
  const of = (name: string) => functions.find((each) => each.name === `purge-desk-${name}`);
  const apiPaths = ["/_purge/api/*", "/_purge/v1/*", "/_purge/v2/*"];
  expectEqual("Netlify has read the API's paths", patterns(of("api")?.routes), apiPaths);
  expectEqual("the pages' paths", patterns(of("pages")?.routes), ["/_purge", "/_purge/*"]);
  expectEqual("what they leave to the API", patterns(of("pages")?.excludedRoutes), apiPaths);
  expectEqual("and the sweep's schedule", of("sweep")?.schedule, "* * * * *");
}

/** Status and title of a page. */
async function page(url: string): Promise<readonly [number, string | undefined]> {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  return [answer.status, /<title>([^<]*)/.exec(await answer.text())?.[1]];
}

const folder = await mkdtemp(join(tmpdir(), "storefront-"));
try {
  await smoke(folder);
  process.exitCode = 0;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();
