import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { redisContent } from "../support/redis-content.ts";
import {
  accepted,
  day,
  hour,
  midNovember,
  minute,
  reservationOf,
  type TestLedger,
  testLedger,
} from "../support/test-ledger.ts";

const limit = 3;
const url = "https://x.test/a";

describeLedger("callers that repeat themselves", (backend) => {
  /** One batch that makes a purge of each target, which is sent: the next one joins nothing. */
  async function makePurges(ledger: TestLedger, names: readonly string[], actor = "shop") {
    const reply = await ledger.submit(names, { wave: names.length, actor });
    if (reply.outcome !== "reserved") return reply.outcome;
    for (const lease of reply.leases) await ledger.settle(lease, accepted(`ik-${lease.purgeId}`));
    ledger.time.now += 1;
    return reply.outcome;
  }

  /** As many batches as one actor may make within an hour, one a minute. */
  async function useUp(ledger: TestLedger, names: readonly string[] = ["a"]) {
    for (let made = 0; made < limit; made++) {
      expect(await makePurges(ledger, names)).toBe("reserved");
      ledger.time.now += minute - 1;
    }
  }

  test("a batch that would make a purge of the same URL once too often within an hour is refused, and nothing is charged", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    await useUp(ledger);
    const before = await redisContent(backend.raw);
    const batch = reservationOf(["new", "a"], ledger.nextId, { lease: { token: "l", limit: 2 } });
    expect(await ledger.reserve(batch)).toEqual({
      outcome: "repeating",
      purges: [{ id: batch.purges[1]?.id, since: midNovember }],
    });
    const { "test:1:repeating": note, ...after } = await redisContent(backend.raw);
    expect(note).toBeDefined();
    expect(after).toEqual(before);
    expect(await ledger.readBudget()).toMatchObject({ spent: limit, reserved: 0 });
  });

  test("the hour slides: exactly an hour after the first of them the next one is accepted", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    await useUp(ledger);
    ledger.time.now = midNovember + hour - 1;
    expect(await makePurges(ledger, ["a"])).toBe("repeating");
    ledger.time.now = midNovember + hour;
    expect(await makePurges(ledger, ["a"])).toBe("reserved");
    expect(await ledger.submit(["a"], { actor: "shop" })).toMatchObject({
      outcome: "repeating",
      purges: [{ since: midNovember + minute }],
    });
  });

  test("the hour slides over midnight too", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit }, Date.parse("2026-11-15T23:58:30.000Z"));
    const first = ledger.time.now;
    await useUp(ledger);
    expect(ledger.time.now).toBeGreaterThan(Date.parse("2026-11-16T00:00:00.000Z"));
    expect(await makePurges(ledger, ["a"])).toBe("repeating");
    ledger.time.now = first + hour - 1;
    expect(await makePurges(ledger, ["a"])).toBe("repeating");
    ledger.time.now = first + hour;
    expect(await makePurges(ledger, ["a"])).toBe("reserved");
  });

  test.each(["a?v=5", "a*", "a?v=1*"])(
    "the query and the star do not make it another URL: %s",
    async (same) => {
      const ledger = testLedger(backend, { repeatLimit: limit });
      await useUp(ledger);
      expect(await makePurges(ledger, [same])).toBe("repeating");
      expect(await makePurges(ledger, ["a/b", "ab"])).toBe("reserved");
    },
  );

  test("a batch counts once, however many of its purges have the same URL but for their queries", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    await useUp(ledger, ["a?v=1", "a?v=2", "a*"]);
    expect(await ledger.submit(["a?v=3", "a?v=4"])).toMatchObject({ outcome: "repeating", purges: [{}, {}] });
  });

  test("joined lines, refused batches and other actors do not count", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit, quota: 5 });
    for (let joins = 0; joins < 10; joins++) expect((await ledger.submit(["a"])).outcome).toBe("reserved");
    expect(await ledger.submit(["b", "c", "d", "e", "f"])).toMatchObject({ outcome: "exhausted" });
    expect(await ledger.submit(["b"])).toMatchObject({ outcome: "reserved" });
    const other = testLedger(backend, { repeatLimit: limit, quota: 100 }, 0, ledger);
    await other.leaseDue("send");
    other.time.now += minute;
    await makePurges(other, ["a"]);
    await makePurges(other, ["a"]);
    expect(await makePurges(other, ["a"])).toBe("repeating");
    expect(await makePurges(other, ["a"], "cms")).toBe("reserved");
  });

  test("a URL that repeats may still be joined while its purge is not sent", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    for (let made = 1; made < limit; made++) await makePurges(ledger, ["a"]);
    const { ids } = await ledger.accept(["a"]);
    expect(await ledger.accept(["a"])).toMatchObject({ ids, batch: { units: 0 } });
  });

  test("a plan says which URLs a submission would refuse, and since when the actor repeats them", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    await useUp(ledger);
    const urls = ["https://x.test/new", `${url}?v=9`, url];
    const { repeating } = await ledger.plan({ urls, actor: "shop" });
    expect(repeating).toEqual(
      new Map([
        [`${url}?v=9`, midNovember],
        [url, midNovember],
      ]),
    );
    expect((await ledger.plan({ urls, actor: "cms" })).repeating.size).toBe(0);
    const joined = await ledger.plan({ urls: [url], actor: "shop", changedAt: midNovember });
    expect([joined.joins.size, joined.repeating.size]).toEqual([1, 0]);
  });

  test("a reservation whose reply was lost counts once", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    const first = reservationOf(["a"], ledger.nextId, { lease: { token: "l1", limit: 1 } });
    for (let delivered = 0; delivered < 5; delivered++)
      expect((await ledger.reserve(first)).outcome).toBe("reserved");
    ledger.time.now += 1;
    for (let made = 1; made < limit; made++) expect(await makePurges(ledger, ["a"])).toBe("reserved");
    expect(await makePurges(ledger, ["a"])).toBe("repeating");
  });

  test("of callers at once no more are accepted than may be", async () => {
    const ledger = testLedger(backend, { repeatLimit: limit });
    const actorsOf = Array.from({ length: 10 }, (_, i) => `a?v=${i}`);
    const replies = await Promise.all(actorsOf.map((name) => ledger.submit([name])));
    expect(replies.filter(({ outcome }) => outcome === "reserved")).toHaveLength(limit);
  });

  test("health shows the latest refusal for an hour, with its signature masked", async () => {
    const ledger = testLedger(backend, { repeatLimit: 1 });
    const purge = {
      id: "p1",
      url: `${url}?ik-s=secret`,
      maskedUrl: `${url}?ik-s=***`,
      kind: "exact" as const,
      lines: [1],
    };
    expect((await ledger.health()).repeating).toBeUndefined();
    await makePurges(ledger, ["a"]);
    await ledger.submit([], { purges: [purge], lines: [] });
    expect((await ledger.health()).repeating).toEqual({
      at: midNovember + 1,
      actor: "shop",
      url: purge.maskedUrl,
    });
    const ttl = await backend.raw.pttl("test:1:repeating");
    expect(ttl).toBeGreaterThan(hour - minute);
    expect(ttl).toBeLessThanOrEqual(hour);
  });

  test("without a limit nothing is counted; with one the counts are gone an hour after the day", async () => {
    await makePurges(testLedger(backend), ["a"]);
    expect(await backend.raw.keys("test:1:repeats:*")).toEqual([]);
    await makePurges(testLedger(backend, { repeatLimit: limit }), ["b"]);
    const [key = ""] = await backend.raw.keys("test:1:repeats:*");
    const ttl = await backend.raw.pttl(key);
    expect(ttl).toBeGreaterThan(day / 2 + hour - minute);
    expect(ttl).toBeLessThanOrEqual(day / 2 + hour);
  });
});
