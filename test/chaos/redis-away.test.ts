import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { descriptions } from "../../src/build/openapi.ts";
import { systemClock } from "../../src/domain/time.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import type { RedisFault } from "../../src/local/redis/fault.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeWith } from "../support/describe-with.ts";
import { adminToken, environmentOf, ledgerName } from "./environment.ts";
import { weigh } from "./evidence.ts";
import { readRecords } from "./records.ts";
import { servicesUnderTest } from "./services-under-test.ts";
import { type System, startSystem } from "./system.ts";

const urls = Array.from({ length: 45 }, (_, i) => `https://ik.imagekit.io/demo/shoe-${i}.jpg`);
const noId = "0".repeat(26);
/** Reruns begin within 2 s, and each request may take 3 s: at most 6 s. The rest is reserve for a busy machine. */
const boundMs = 20_000;
/** ImageKit's own errors have a title where ours have a code. */
const problem = z.union([
  z.object({ code: z.string() }),
  z
    .object({ message: z.literal("The ledger is not available.") })
    .transform(() => ({ code: "ledger-unavailable" })),
]);
const health = z.object({ checks: z.array(z.object({ name: z.string(), state: z.string() })) });

const bodies: Readonly<Record<string, object>> = {
  "/api/plan": { urls },
  "/api/purges": { urls },
  "/api/profiles/:name": { paths: ["/"], endpoints: ["https://ik.imagekit.io/demo"], transformations: [] },
  "/v1/files/purge": { url: urls[0] },
  "/api/budget/corrections": { external: 1, reason: "dashboard" },
};
/** Learning asks Redis nothing. */
const asking = descriptions.filter(({ operationId }) => !/openapi|docs|learn/i.test(operationId));

describeWith("redis-server", "Redis that is away", () => {
  let system: System;
  beforeAll(async () => {
    // Redis runs in its own process here, and this tests the real time-out.
    vi.restoreAllMocks();
    system = await startSystem(systemClock, { persistence: "append-only" });
  });
  beforeEach(async () => {
    await system.server.restart({ data: "lost" });
    await system.bridge.connected();
    await system.clear();
  });
  afterAll(() => system?.close());

  const startServer = () => {
    const { now } = systemClock;
    const services = servicesUnderTest(environmentOf(system), {
      clock: systemClock,
      now,
      writeLog: () => undefined,
    });
    const app = createApp(services, [apiRoutes]);
    const background: Promise<unknown>[] = [];
    const call = async (path: string, { method = "GET", body }: { method?: string; body?: object } = {}) =>
      app.fetch(
        new Request(`http://purge-desk.test${path}`, {
          method,
          headers: {
            Authorization: path.startsWith("/v1/")
              ? `Basic ${btoa(`${adminToken}:`)}`
              : `Bearer ${adminToken}`,
            "Idempotency-Key": "the batch",
            ...(body && { "Content-Type": "application/json" }),
          },
          ...(body && { body: JSON.stringify(body) }),
        }),
        { waitUntil: (work) => background.push(work) },
      );
    const alarms = async () =>
      health
        .parse(await (await call("/api/health")).json())
        .checks.flatMap(({ name, state }) => (state === "alarm" ? [name] : []));
    return {
      call,
      alarms,
      submit: () => call("/api/purges", { method: "POST", body: { urls } }),
      sweep: () => sweepLedger(services, { deadlineMs: systemClock.monotonicMs() + 25_000 }),
      ended: () => Promise.all(background),
    };
  };
  const expectEachSentOnce = async () => {
    const records = await readRecords(system.raw);
    expect(records.map(({ attempts, units }) => [attempts, units])).toEqual(urls.map(() => [1, 1]));
    expect(system.imagekit.control.totals("send")).toEqual({ total: 45, accepted: 45 });
    expect(weigh(system.imagekit.arrivals(), records).findings).toEqual([]);
    expect(await auditLedger(system.raw, ledgerName)).toEqual([]);
  };

  describe.each([
    ["is stopped", () => system.server.stop()],
    ["answers 500", async () => system.bridge.setFault(() => ({ status: 500 }))],
    ["never answers", async () => system.bridge.setFault(() => new Promise<never>(() => undefined))],
    ["breaks every connection", async () => system.bridge.setFault(() => "lose-request")],
  ] as const)("and %s", (failure, goAway) => {
    test(`G1, G2: while Redis ${failure}, every route says so in bounded time and nothing is sent; afterwards service resumes automatically`, async () => {
      const { call, submit, sweep, ended } = startServer();
      await goAway();
      const answers = await Promise.all(
        asking.map(async ({ route: { method, path } }) => {
          const begunMs = systemClock.monotonicMs();
          const concrete = path
            .replace(":name", "shop")
            .replace(":requestId", "0".repeat(24))
            .replace(":id", `${path.includes("batches") ? "b" : "p"}_${noId}`);
          const body = bodies[path];
          const answer = await call(concrete, {
            method: method.toUpperCase(),
            ...(method !== "get" && body && { body }),
          });
          const { code } = problem.parse(await answer.json());
          const isInTime = systemClock.monotonicMs() - begunMs < boundMs;
          return `${method} ${path} ${answer.status} ${code} ${isInTime ? "in time" : "late"}`;
        }),
      );
      expect(answers).toEqual(
        asking.map(({ route: { method, path } }) => `${method} ${path} 503 ledger-unavailable in time`),
      );
      await expect(sweep()).rejects.toThrow("Redis cannot be reached");
      expect(system.imagekit.arrivals()).toEqual([]);

      system.bridge.setFault(undefined);
      await system.server.restart({ data: "kept" });
      await system.bridge.connected();
      expect((await submit()).status).toBeOneOf([200, 202]);
      await sweep();
      await ended();
      await expectEachSentOnce();
    });
  });

  test("G1, G2: a restart of Redis in the middle of a batch loses no answer and sends nothing twice", async () => {
    const { submit, sweep, ended } = startServer();
    let count = 0;
    system.bridge.setFault(async ({ commands }): Promise<RedisFault> => {
      if (!commands[0]?.at(-1)?.includes('"settlements":[{"lane":"send"')) return "pass";
      count += 1;
      if (count !== 2) return "pass";
      await system.server.restart({ data: "kept" });
      await system.bridge.connected();
      return "lose-request";
    });
    expect((await submit()).status).toBe(202);
    await ended();
    await sweep();
    expect(count).toBeGreaterThan(2);
    await expectEachSentOnce();
  });

  test("G1: the service works even if Redis forgets its scripts before every request", async () => {
    const { submit, call, ended } = startServer();
    system.bridge.setFault(async ({ commands }): Promise<RedisFault> => {
      if (commands[0]?.[0] === "EVALSHA") await system.raw.script("FLUSH");
      return "pass";
    });
    expect((await submit()).status).toBe(202);
    await ended();
    expect((await call("/api/budget")).status).toBe(200);
    await expectEachSentOnce();
  });

  describe("and comes back empty", () => {
    const loseData = async () => {
      await system.server.restart({ data: "lost" });
      await system.bridge.connected();
    };

    test("G1: after Redis came back empty, a server that knew the ledger reports it lost, before and after new writes", async () => {
      const { submit, alarms, call, ended } = startServer();
      await submit();
      await ended();
      expect(await alarms()).toEqual([]);
      await loseData();
      expect(await alarms()).toEqual(["alarm-ledger-lost"]);
      expect((await submit()).status).toBe(202);
      await ended();
      expect(await alarms()).toEqual(["alarm-ledger-lost"]);
      expect(await startServer().alarms()).toEqual(["alarm-ledger-lost"]);
      await call("/api/budget/corrections", {
        method: "POST",
        body: { external: 45, reason: "before the loss" },
      });
      expect(await alarms()).toEqual([]);
    });

    test("G1: after a correction, no server that knew the lost ledger raises the alarm again", async () => {
      const [one, other] = [startServer(), startServer()];
      await one.submit();
      await one.ended();
      expect(await other.alarms()).toEqual([]);
      await loseData();
      expect(await other.alarms()).toEqual(["alarm-ledger-lost"]);
      await one.call("/api/budget/corrections", {
        method: "POST",
        body: { external: 45, reason: "before the loss" },
      });
      expect(await other.alarms()).toEqual([]);
      await other.submit();
      await other.ended();
      expect(await one.alarms()).toEqual([]);
      expect(await other.alarms()).toEqual([]);
    });

    test("G1: an answer to a purge that is gone raises the alarm of a lost ledger, even on a new server", async () => {
      const { submit, alarms, ended } = startServer();
      let isLost = false;
      system.bridge.setFault(async ({ commands }): Promise<RedisFault> => {
        if (isLost || !commands[0]?.at(-1)?.includes('"settlements":[{"lane":"send"')) return "pass";
        isLost = true;
        await loseData();
        return "pass";
      });
      await submit().catch(() => undefined);
      await ended();
      expect(await alarms()).toContain("alarm-ledger-lost");
      expect(await startServer().alarms()).toContain("alarm-ledger-lost");
    });
  });
});
