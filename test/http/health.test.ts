import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { healthChecks, worstOf } from "../../src/http/answers/health-checks.ts";
import type { LedgerHealth } from "../../src/ledger/contract.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";

describe("health", () => {
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp();
  });
  beforeEach(() => desk.redis.flush());
  afterAll(() => desk.close());

  test("health tells an anonymous caller only that it is up, from caches for some seconds", async () => {
    const answer = await desk.call("/api/health");
    expect(answer).toMatchObject({ status: 200, body: { status: "up" } });
    expect(Object.keys(answer.body)).toEqual(["status"]);
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=5");
    expect(answer.headers.get("Vary")).toContain("Authorization");
  });

  test("health shows a reader every check, never from a cache", async () => {
    await desk.call("/api/budget", { token: tokens.read });
    const answer = await desk.call("/api/health", { token: tokens.read });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const names = answer.body.checks.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["ledger", "send-credentials", "sweep", "overdue", "external-spending"]),
    );
  });

  test("health warns in a first month without a correction, until one is entered, even 0", async () => {
    const json = { urls: ["https://ik.imagekit.io/demo/a.jpg"] };
    await desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
    expect((await desk.call("/api/health", { token: tokens.read })).body.status).toBe("warning");
    const zero = { external: 0 };
    await desk.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json: zero });
    expect((await desk.call("/api/health", { token: tokens.read })).body.status).toBe("ok");
  });
});

describe("without a ledger", () => {
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp({ redis: "none", clock: hurriedClock() });
  });
  afterAll(() => desk.close());

  test("health without a ledger is 503, for anonymous callers and for readers", async () => {
    const anonymous = await desk.call("/api/health");
    expect(anonymous).toMatchObject({ status: 503, body: { code: "ledger-unavailable" } });
    const reader = await desk.call("/api/health", { token: tokens.read });
    expect(reader.body.checks).toEqual([expect.objectContaining({ name: "ledger", state: "alarm" })]);
  });

  test.each([
    ["POST", "/api/plan"],
    ["POST", "/api/purges"],
    ["GET", "/api/purges"],
    ["GET", "/api/purges?edge=unproven"],
    ["GET", "/api/purges/p_01kaq3h8x0fj7m2k9t4v6w8y0z"],
    ["POST", "/api/purges/p_01kaq3h8x0fj7m2k9t4v6w8y0z/cancel"],
    ["GET", "/api/batches/b_01kaq3h8x0fj7m2k9t4v6w8y0z"],
    ["GET", "/api/budget"],
    ["POST", "/api/budget/corrections"],
  ])("%s %s without a ledger is 503 and may be tried again in 5 s", async (method, path) => {
    const body = path.endsWith("corrections")
      ? { external: 0 }
      : { urls: ["https://ik.imagekit.io/demo/a.jpg?ik-s=0123456789abcdef"] };
    const json = method === "POST" ? { json: body } : {};
    const answer = await desk.call(path, { method, token: tokens.admin, ...json });
    expect(answer).toMatchObject({ status: 503, body: { code: "ledger-unavailable" } });
    expect(answer.headers.get("Retry-After")).toBe("5");
  });

  test("without a ledger nothing is sent, and neither commands, tokens nor signatures are in the log", () => {
    expect(desk.imagekit.purged).toEqual([]);
    const log = desk.logged.join("\n");
    expect(log).toContain("LedgerUnavailable");
    for (const secret of ["evalsha", "0123456789abcdef", "token-of-the-tests", tokens.admin, "private_key"]) {
      expect(log.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });
});

describe("the checks", () => {
  const now = Date.parse("2026-11-15T12:00:00Z");
  const minutes = 60_000;
  const well: LedgerHealth = {
    now,
    budget: {
      month: "2026-11",
      quota: 1000,
      margin: 0,
      spent: 0,
      reserved: 0,
      external: 0,
      available: 1000,
      held: 0,
      resetsAt: now + 1000,
    },
    createdAt: now - 90 * 24 * 60 * minutes,
    externalStated: true,
    firstMonth: false,
    open: {},
    sweptAt: now - minutes,
    send: {},
    poll: {},
    alarms: [],
    scheduled: 0,
    unchanged: { inARow: 0 },
  };

  test("the health checks are all ok when all is well", () => {
    expect(healthChecks(well).map(({ state }) => state)).toEqual(healthChecks(well).map(() => "ok"));
    expect(worstOf(healthChecks(well))).toBe("ok");
  });

  test.each<[string, string, Partial<LedgerHealth>]>([
    ["send-credentials", "alarm", { send: { blockedBy: 401, blockedSince: now, probeAt: now + 1 } }],
    ["poll-credentials", "alarm", { poll: { blockedBy: 403 } }],
    ["send-throttling", "warning", { send: { throttledSince: now - 59 * minutes, notBefore: now + 1 } }],
    ["send-throttling", "alarm", { send: { throttledSince: now - 60 * minutes } }],
    ["sweep", "alarm", { sweptAt: now - 10 * minutes }],
    ["sweep", "alarm", { sweptAt: undefined }],
    ["overdue", "warning", { open: { overdue: 2 } }],
    ["unknown", "warning", { open: { unknown: 1 } }],
    ["held", "warning", { open: { held: 1 } }],
    ["external-spending", "warning", { firstMonth: true, externalStated: false }],
    [
      "repeating",
      "warning",
      { repeating: { at: now, actor: "storefront", url: "https://ik.imagekit.io/demo/shoe.jpg*" } },
    ],
    ["unchanged", "warning", { unchanged: { inARow: 5, since: now } }],
    ["eviction", "warning", { eviction: "allkeys-lru" }],
    ["alarm-quota", "alarm", { alarms: [{ code: "quota", since: now, message: "do this" }] }],
  ])("the health check %s is %s and says what to do: %j", (name, state, change) => {
    const checks = healthChecks({ ...well, ...change });
    const check = checks.find((each) => each.name === name);
    expect(check).toMatchObject({ state });
    expect(check?.advice).toBeTruthy();
    expect(worstOf(checks)).toBe(state);
  });

  test.each([
    [1_000, 0, 101, "ok"],
    [1_000, 0, 100, "warning", "low: 100 of 1,000 units are left"],
    [1_000, 500, 50, "warning", "low: 50 of 500 units are left"],
    [5, 0, 1, "ok"],
    [1_000, 0, 0, "alarm", "all of 1,000 units are used up"],
    [1_000, 100, -7, "alarm", "overdrawn by 7"],
  ] as const)(
    "of a quota of %i with a margin of %i, %i units left are %s",
    (quota, margin, available, state, seen: string = "") => {
      const checks = healthChecks({ ...well, budget: { ...well.budget, quota, margin, available } });
      const check = checks.find(({ name }) => name === "budget");
      expect(check).toMatchObject({ state });
      expect(check?.seen).toContain(seen);
      expect(check?.advice ?? "").toMatch(state === "ok" ? /^$/ : /PURGE_MONTHLY_QUOTA/);
    },
  );

  test.each([undefined, "noeviction"])(
    "a Redis that says %s of eviction is no reason to worry",
    (eviction) => {
      expect(worstOf(healthChecks({ ...well, eviction }))).toBe("ok");
    },
  );

  test("a few images that are the same after their purge are no reason to worry", () => {
    expect(worstOf(healthChecks({ ...well, unchanged: { inARow: 4, since: now } }))).toBe("ok");
  });

  test("purges that wait for their time are counted, and are no reason to worry", () => {
    const checks = healthChecks({ ...well, scheduled: 1_200 });
    expect(checks.find(({ name }) => name === "scheduled")?.seen).toMatch(/^1,200 /);
    expect(worstOf(checks)).toBe("ok");
  });

  test("the health check of a caller that repeats itself names it, without signatures", () => {
    const url = "https://ik.imagekit.io/demo/shoe.jpg?ik-t=1900000000&ik-s=0123456789abcdef";
    const checks = healthChecks({ ...well, repeating: { at: now, actor: "storefront", url } });
    const seen = checks.find(({ name }) => name === "repeating")?.seen;
    expect(seen).toContain("storefront");
    expect(seen).not.toContain("0123456789abcdef");
  });

  test("a heartbeat that is up to 10 minutes old is no reason to worry", () => {
    expect(worstOf(healthChecks({ ...well, sweptAt: now - 10 * minutes + 1 }))).toBe("ok");
  });

  test("a new ledger has not missed a sweep", () => {
    const fresh = healthChecks({ ...well, createdAt: now, sweptAt: undefined });
    expect(worstOf(fresh)).toBe("ok");
  });
});
