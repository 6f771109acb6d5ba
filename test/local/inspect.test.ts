import { expect, test } from "vitest";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { describeInspection } from "../../src/local/inspect/describe-inspection.ts";
import { inspect } from "../../src/local/inspect/inspect.ts";
import { readOnly } from "../../src/local/inspect/read-only.ts";
import { ledgerOf, openLedger } from "../../src/local/open-ledger.ts";
import { seen } from "../support/edge-readings.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import { accepted, completed, testLedger, throttled } from "../support/test-ledger.ts";

describeOnEveryRedis("inspect", (backend) => {
  /** A ledger of real time, so that what is due lies around now. */
  const ledgerOfNow = () => testLedger(backend, {}, Date.now());
  const look = (id: string) => inspect(readOnly(backend), "test", id);
  const described = async (id: string) => {
    const found = await look(id);
    if (found === undefined) throw new Error(`${id} was not found`);
    return describeInspection(found);
  };

  test("inspect shows the lease, its end, the spent unit and the pointer of a purge that is sending", async () => {
    const ledger = ledgerOfNow();
    const { purgeId, token } = await ledger.send("a.jpg", { reason: "new image" });
    const text = await inspectedByEnding(purgeId);
    expect(text).toContain(`Purge ${purgeId}: sending`);
    expect(text).toMatch(/queue +settle, due \S+ \(in \d+ s\)/);
    expect(text).toMatch(new RegExp(`lease +${token}, until \\S+ \\(in \\d+ s\\)`));
    expect(text).toMatch(/units +1: 0 reserved, 1 spent \(in the month that began \d{4}-\d\d-01\)/);
    expect(text).toMatch(/pointer +target:[0-9a-f]{12}… → this purge/);
    expect(text).toMatch(/reason +new image/);
    expect(text).toMatch(/sending {2}purge-desk: Sent to ImageKit\./);
  });

  /** The tests' ids are short, as the log's endings are. */
  const inspectedByEnding = (id: string) => described(`p_…${id.slice(-6)}`);

  test("inspect shows the queue of each state, and none once the purge has ended", async () => {
    const ledger = ledgerOfNow();
    const pendingId = await ledger.pend("pending.jpg");
    expect(await described(pendingId)).toMatch(
      /: pending\n[\s\S]*ImageKit's id +ik-pending.jpg[\s\S]*queue +poll, due/,
    );

    ledger.time.now += 6_000;
    const [poll] = await ledger.leaseDue("poll");
    await ledger.settle(poll, completed);
    const over = await described(pendingId);
    expect(over).toMatch(/: completed\n[\s\S]*queue +none[\s\S]*kept until +\d{4}-/);
    expect(over).not.toContain("!");

    const lease = await ledger.send("queued.jpg");
    await ledger.settle(lease, throttled);
    expect(await described(lease.purgeId)).toMatch(
      /: queued\n[\s\S]*queue +send, due[\s\S]*units +1: 1 reserved, 0 spent/,
    );
  });

  test("inspect shows an edge check, its queue, and that its alarm keeps the record", async () => {
    const ledger = ledgerOfNow();
    const id = await ledger.complete("a.jpg");
    const waiting = await described(id);
    expect(waiting).toMatch(/edge check +waiting, 0 readings after Completed: https:\/\/x\.test\/a\.jpg/);
    expect(waiting).toMatch(/queue +checks, due \S+ \(in \d+ s\)/);
    ledger.time.now += 5_000;
    await ledger.settle((await ledger.leaseDue("check"))[0], seen("stale", ledger.time.now));
    const stale = await described(id);
    expect(stale).toMatch(/alarm +stale/);
    expect(stale).toMatch(/edge check +stale, 1 reading after Completed, the latest at /);
    expect(stale).toMatch(/queue +checks, due/);
    expect(waiting + stale).not.toContain("!");
    await backend.raw.zrem("test:1:checks", id);
    expect(await described(id)).toMatch(/queue +! none; completed belongs in checks/);
  });

  test("inspect shows where a scheduled purge waits, and until when", async () => {
    const ledger = ledgerOfNow();
    const sendAfter = ledger.time.now + 3_600_000;
    const { ids } = await ledger.accept(["scheduled.jpg"], { sendAfter });
    const settling = await ledger.accept(["settling.jpg"], { settleMs: 600_000 });
    const text = await described(ids[0] ?? "");
    expect(text).toMatch(/not before +\S+ \(in 3\d{3} s\): its scheduled time/);
    expect(text).toMatch(/queue +scheduled, due \S+ \(in 3\d{3} s\)/);
    expect(text).not.toContain("!");
    expect(await described(settling.ids[0] ?? "")).toMatch(/until then other requests may share it/);
    await backend.raw.zrem("test:1:scheduled", ids[0] ?? "");
    expect(await described(ids[0] ?? "")).toMatch(/queue +! none; queued belongs in scheduled/);
  });

  test("inspect marks contradictions in a record", async () => {
    const ledger = ledgerOfNow();
    const id = await ledger.pend("a.jpg");
    expect(await described(id)).not.toContain("!");
    await backend.raw.zrem("test:1:poll", id);
    await backend.raw.pexpire(`test:1:purge:${id}`, 100_000);
    await backend.raw.del(...(await backend.raw.keys("test:1:waiting:*")));
    const text = await described(id);
    expect(text).toMatch(/queue +! none; pending belongs in poll/);
    expect(text).toMatch(/kept until +! \d{4}-/);
    expect(text).toMatch(/batch +! b\d+ of shop, does not wait for it/);
  });

  test("inspect shows no signature, and nothing that moves the cursor", async () => {
    const ledger = ledgerOfNow();
    const { ids } = await ledger.accept(["a.jpg?ik-t=99&ik-s=tellnobody"], { reason: "x\u001b[2Jy" });
    for (const text of [await described(ids[0] ?? ""), JSON.stringify(await look(ids[0] ?? ""))]) {
      expect(text).not.toContain("tellnobody");
      expect(text).not.toContain("\u001b");
    }
  });

  test("inspecting changes nothing in Redis", async () => {
    const ledger = ledgerOfNow();
    const lease = await ledger.send("a.jpg");
    await ledger.settle(lease, accepted("ik-1"));
    const before = await redisContent(backend.raw);
    await look(lease.purgeId);
    await look("p_00000000000000000000000000");
    await look("b_00000000000000000000000000");
    expect(await redisContent(backend.raw)).toEqual(before);
  });

  test("inspect finds nothing by an ending that several purges have, or none", async () => {
    const ledger = ledgerOfNow();
    await ledger.accept(["a.jpg", "b.jpg"]);
    expect(await look("p")).toBeUndefined();
    expect(await look("nowhere")).toBeUndefined();
    expect(await look("")).toBeUndefined();
  });

  test("inspect shows the lines of a batch and the purges it waits for", async () => {
    const ledger = ledgerOfNow();
    const batchId = "b_01jcqm8r0abcdefghjkmnpqrst";
    const { ids } = await ledger.accept(["a.jpg", "b.jpg"], { batchId, reason: "sale" });
    const text = await described(batchId);
    expect(text).toContain(`Batch ${batchId}: waits for 2`);
    for (const id of ids) expect(text).toContain(`waits for     ${id} queued`);
    expect(text).toMatch(/lines +\{"line":1,"verdict":"accepted"/);
    expect(text).not.toContain("!");
    await Promise.all(ids.map((id) => ledger.cancel(id, { actor: "shop", scope: "own-batches" })));
    expect(await described(batchId)).toMatch(/: done\n[\s\S]*kept until +\d{4}-/);
  });

  test("inspect says in one sentence that a ledger cannot be reached", async () => {
    const reading = inspect(readOnly({ ...backend, token: "wrong" }), "test", "p_00000000000000000000000000");
    await expect(reading).rejects.toThrow(CannotStart);
    await expect(reading).rejects.toThrow("The ledger cannot be reached (status 401");
  });

  test("inspect reads the ledger of the running npm start, or else that of the settings", async () => {
    const upstash = { UPSTASH_REDIS_REST_URL: backend.url, UPSTASH_REDIS_REST_TOKEN: backend.token };
    const redis = { url: backend.url, token: backend.token };
    const simulator = { IMAGEKIT_API_BASE_URL: "http://127.0.0.1:1", IMAGEKIT_PRIVATE_KEY: "x" };
    const instance = {
      pid: 1,
      url: "http://127.0.0.1:1",
      tokens: {},
      settings: { ...upstash, ...simulator },
    };
    expect(ledgerOf(instance, { PURGE_LEDGER: "shop" }).config).toMatchObject({
      ledgerName: "sandbox",
      redis,
    });

    const live = { IMAGEKIT_PRIVATE_KEY: "x", IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop" };
    expect((await openLedger({ ...upstash, ...live, PURGE_LEDGER: "shop" })).config).toMatchObject({
      ledgerName: "shop",
      redis,
    });
    expect((await openLedger(upstash)).config).toMatchObject({ ledgerName: "sandbox", redis });
    await expect(openLedger({})).rejects.toThrow(/^There is no ledger: /);
    await expect(openLedger({ REDIS_URL: "x" })).rejects.toThrow(/^REDIS_URL/);
  });
});
