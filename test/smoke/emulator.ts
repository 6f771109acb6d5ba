/**
 * `npm run smoke`: the deploy build on Netlify's own emulator. A batch is submitted through the API function, the
 * scheduled function is invoked, and the purges complete: against a real redis-server and the simulated ImageKit.
 * Needs redis-server, and the npm registry for the emulator, which is too large to be a dependency.
 */

import { createHash, randomBytes } from "node:crypto";
import ImageKit from "@imagekit/nodejs";
import { Redis } from "ioredis";
import * as z from "zod";
import { startSimulatedImageKit } from "../../src/local/imagekit/simulated-imagekit.ts";
import { startBridge } from "../../src/local/redis/bridge.ts";
import { startRealRedis } from "../../src/local/redis/real-redis.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { expectEqual, freePort, start, stop, sweepNow, until } from "./netlify.ts";

const urls = ["shoe.jpg", "shoe.jpg*", "tr:w-400/shoe.jpg", "images/upload*"].map(
  (path) => `https://ik.imagekit.io/demo/${path}`,
);
const submitted = z.object({
  id: z.string(),
  units: z.number(),
  purges: z.array(z.object({ id: z.string() })),
});
const stored = z.object({ state: z.string() });

async function smoke(): Promise<void> {
  const redis = await startRealRedis();
  const bridge = await startBridge({ redis: redis.address, token: randomBytes(16).toString("hex") });
  const imagekit = await startSimulatedImageKit({ settings: { pendingMs: 1_000 } });
  const raw = new Redis(redis.address);
  const token = `pd_${randomBytes(32).toString("base64url")}`;
  const port = await freePort();
  const emulator = start(
    ["dev", "--offline", "--no-open", "--internal-disable-edge-functions", "--port", String(port)],
    {
      IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
      IMAGEKIT_API_BASE_URL: imagekit.url,
      IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo",
      UPSTASH_REDIS_REST_URL: bridge.url,
      UPSTASH_REDIS_REST_TOKEN: bridge.token,
      PURGE_TOKENS: `smoke:admin:${createHash("sha256").update(token).digest("hex")}`,
      PURGE_SESSION_SECRET: randomBytes(32).toString("hex"),
    },
  );
  try {
    const base = `http://localhost:${port}`;
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    await until(
      "the emulator answers",
      300_000,
      async () => (await fetch(`${base}/api/health`)).status === 200,
    );

    const anonymous = await fetch(`${base}/api/budget`);
    expectEqual("a stranger is refused", anonymous.status, 401);
    const submission = { urls, reason: "smoke test" };
    const answer = await fetch(`${base}/api/purges`, {
      method: "POST",
      headers,
      body: JSON.stringify(submission),
    });
    expectEqual("a batch is accepted", answer.status, 202);
    const batch = submitted.parse(await answer.json());
    expectEqual("the covered line costs nothing", batch.units, 3);
    expectEqual("ImageKit got each purge once", imagekit.control.totals("send").total, 3);

    // Nobody reads the batch meanwhile, so nothing but the scheduled function can learn that it is done.
    const isCompleted = async () => {
      const records = await raw.mget(batch.purges.map(({ id }) => `sandbox:1:purge:${id}`));
      return records.every((record) => stored.parse(JSON.parse(record ?? "{}")).state === "completed");
    };
    await until("the scheduled function sees every purge complete", 60_000, async () => {
      await sweepNow(base, "sweep");
      return isCompleted();
    });
    expectEqual("the ledger agrees with its recount", await auditLedger(raw, "sandbox"), []);
    const openApi = await fetch(`${base}/api/openapi.json`);
    expectEqual("the OpenAPI document is served", openApi.status, 200);

    const signedIn = await fetch(`${base}/sign-in`, {
      method: "POST",
      redirect: "manual",
      headers: { Origin: base, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token }).toString(),
    });
    expectEqual("a person signs in", signedIn.status, 303);
    const [cookie = ""] = signedIn.headers.getSetCookie();
    const page = await fetch(`${base}/batches/${batch.id}`, {
      headers: { Cookie: cookie.split(";")[0] ?? "" },
    });
    expectEqual("and sees the batch", [page.status, (await page.text()).includes(batch.id)], [200, true]);
    for (const name of ["dashboard.js", "dashboard.css", "icon.svg"]) {
      expectEqual(`${name} is served`, (await fetch(`${base}/assets/${name}`)).status, 200);
    }

    const { invalidation } = new ImageKit({ baseURL: base, privateKey: token }).cache;
    const { requestId = "" } = await invalidation.create({ url: "https://ik.imagekit.io/demo/boot.jpg" });
    await until("ImageKit's official SDK sees its purge complete", 60_000, async () => {
      return (await invalidation.get(requestId)).status === "Completed";
    });
    const other = await fetch(`${base}/v2/cache`, { headers: { Accept: "text/html" } });
    const seen = [other.status, other.headers.get("Content-Type")];
    expectEqual("the pages leave ImageKit's other paths to the API", seen, [404, "application/json"]);
  } finally {
    stop(emulator);
    raw.disconnect();
    await Promise.allSettled([imagekit.close(), bridge.close()]);
    await redis.close();
  }
}

try {
  await smoke();
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
