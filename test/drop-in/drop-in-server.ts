/** The service on a real port, over an embedded Redis and a simulated ImageKit: what an SDK talks to. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import ImageKit, { type ClientOptions } from "@imagekit/nodejs";
import { expect } from "vitest";
import type { Environment } from "../../src/config.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { servicesUnderTest } from "../chaos/services-under-test.ts";
import { environmentOfTests, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";
import { type RedisBackend, startBackend } from "../support/ledger-backends.ts";
import { midNovember } from "../support/test-ledger.ts";
import { hurriedFetch } from "./hurried-fetch.ts";

export const shoe = "https://ik.imagekit.io/demo/shoe.jpg";

/** What becomes of an answer on its way back: it arrives, the connection breaks, or a proxy answers instead. */
export type Way = "pass" | "reset" | "hang" | 502;

export type DropInServer = {
  readonly url: string;
  readonly imagekit: SimulatedImageKit;
  readonly redis: RedisBackend;
  readonly logged: string[];
  /** The time of the service and its ledger; a test moves it. */
  readonly time: { now: number };
  /** For callers who do not wait: a `hang` is their time-out at once, and their pauses are over. */
  readonly fetch: typeof globalThis.fetch;
  /** The official SDK, set up by nothing but its base URL and key: it resends twice, as it does by default. */
  readonly sdk: (key?: string) => ImageKit;
  /** Purges a URL with that SDK. */
  readonly create: (url?: string, key?: string) => Promise<ImageKit.Cache.InvalidationCreateResponse>;
  /** The retry count of each POST that arrived here. */
  readonly retries: string[];
  /** What each of them was answered: the status, and the pause that the answer asked for. */
  readonly answers: string[];
  /** For the next answers, in turn; later ones pass. */
  readonly ways: Way[];
  readonly sweep: () => Promise<unknown>;
  /** Units spent or set aside, counted by the service. */
  readonly units: () => Promise<number>;
  /** Fails unless this many units are spent or set aside, and ImageKit has received at most one purge for each. */
  readonly expectUnits: (units: number) => Promise<void>;
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startDropInServer(env: Environment = {}): Promise<DropInServer> {
  const [redis, imagekit] = await Promise.all([
    startBackend("embedded"),
    startSimulatedImageKit({ settings: { pendingMs: "never" } }),
  ]);
  const logged: string[] = [];
  const retries: string[] = [];
  const answers: string[] = [];
  const ways: Way[] = [];
  const time = { now: midNovember };
  const hurried = hurriedFetch((durationMs) => {
    time.now += durationMs;
  });
  const services = servicesUnderTest(
    {
      ...environmentOfTests,
      IMAGEKIT_API_BASE_URL: imagekit.url,
      IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: redis.token,
      ...env,
    },
    {
      clock: { ...hurriedClock(), now: () => time.now },
      now: () => time.now,
      writeLog: (line) => logged.push(line),
      sendTimeoutMs: 500,
    },
  );
  const app = createApp(services, [apiRoutes]);
  const server = createServer(
    getRequestListener(async (request, { incoming }) => {
      if (request.method === "POST") retries.push(request.headers.get("X-Stainless-Retry-Count") ?? "none");
      const answer = await app.fetch(request, {});
      const pause = answer.headers.get("Retry-After");
      if (request.method === "POST")
        answers.push(`${answer.status}${pause === null ? "" : ` after ${pause} s`}`);
      const way = ways.shift() ?? "pass";
      if (way === "pass") return answer;
      if (way === 502) return new Response("<html>Bad gateway</html>", { status: way });
      if (way === "reset") incoming.socket.destroy();
      else hurried.timeOut();
      return new Promise<never>(() => undefined);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sdk: DropInServer["sdk"] = (privateKey = tokens.admin) =>
    hurriedSdk({ baseURL: url, privateKey, fetch: hurried.fetch });
  const units = async () => {
    const { spent, reserved } = await services.ledger.readBudget();
    return spent + reserved;
  };
  return {
    url,
    imagekit,
    redis,
    logged,
    time,
    retries,
    answers,
    ways,
    fetch: hurried.fetch,
    sdk,
    create: (purged = shoe, key) => sdk(key).cache.invalidation.create({ url: purged }),
    sweep: () => sweepLedger(services, { deadlineMs: services.clock.monotonicMs() + 25_000 }),
    units,
    expectUnits: async (expected) => {
      expect(await units(), "units").toBe(expected);
      expect(imagekit.control.totals("send").total, "purges that reached ImageKit").toBeLessThanOrEqual(
        expected,
      );
    },
    clear: async () => {
      redis.bridge.setFault(undefined);
      await redis.flush();
      imagekit.control.reset();
      for (const list of [logged, retries, answers, ways]) list.length = 0;
    },
    close: async () => {
      hurried.restore();
      await imagekit.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await redis.close();
    },
  };
}

/** The SDK with its default resends. Only the pauses that it chooses itself, of up to 8 s, are over at once. */
export function hurriedSdk(options: ClientOptions): ImageKit {
  const sdk = new ImageKit(options);
  Object.defineProperty(sdk, "calculateDefaultRetryTimeoutMillis", { value: () => 1 });
  return sdk;
}

/** What a call fails with. */
export async function refused(work: Promise<unknown>) {
  return work.then(
    () => expect.fail("was accepted"),
    (error) => error,
  );
}
