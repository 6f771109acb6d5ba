import { expect, test } from "vitest";
import type { Advance, Lease } from "../../src/ledger/leases.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { accepted, minute, refused, settlementOf, testLedger, throttled } from "../support/test-ledger.ts";

type StoredPurge = Record<string, unknown>;

/** What a hand, or half a restore, may leave of a record. */
const broken: Readonly<Record<string, (record: StoredPurge) => string>> = {
  "that is no JSON": () => '{"id":"p',
  "that is no object": () => '"a purge"',
  "without its units": ({ units: _, ...record }) => JSON.stringify(record),
  "whose spent units are gone": ({ spentUnits: _, ...record }) => JSON.stringify(record),
  "whose spent units are empty": (record) => JSON.stringify({ ...record, spentUnits: [] }),
  "whose spent units say nothing": (record) => JSON.stringify({ ...record, spentUnits: [{}] }),
  "without its timeline": ({ timeline: _, ...record }) => JSON.stringify(record),
  "with a null": (record) => JSON.stringify({ ...record, alarm: null }),
  "in a state that does not exist": (record) => JSON.stringify({ ...record, state: "lost" }),
  "with a batch that is none": (record) => JSON.stringify({ ...record, batches: ["b"] }),
};

describeOnEveryRedis("a script that meets what is broken", (backend) => {
  const damage = async (id: string | undefined, how: string) => {
    const key = `test:1:purge:${id}`;
    const record: StoredPurge = JSON.parse((await backend.raw.get(key)) ?? "");
    await backend.raw.set(key, broken[how]?.(record) ?? "");
  };
  const names = ["a", "b", "c", "d", "e"];

  test.each(Object.keys(broken))(
    "a wave with a record %s settles the others, with the right units",
    async (how) => {
      const ledger = testLedger(backend);
      const { leases, ids } = await ledger.accept(names, { wave: 5 });
      await damage(ids[2], how);
      const results = [accepted("ik-a"), refused, accepted("ik-c"), throttled, accepted("ik-e")] as const;
      const settlements = leases.map((lease, i) => settlementOf(lease, results[i] ?? refused));
      await ledger.advance({ settlements });
      const others = ids.filter((_, i) => i !== 2);
      expect(await Promise.all(others.map(ledger.stateOf))).toEqual([
        "pending",
        "refused",
        "queued",
        "pending",
      ]);
      // a and e are spent, c is charged still, b is released and d is set aside again.
      expect(await ledger.readBudget()).toMatchObject({ spent: 3, reserved: 1 });
      expect((await ledger.health()).open).toMatchObject({ pending: 2, queued: 1 });
    },
  );

  // A purge that was not sent has none.
  test.each(Object.keys(broken).filter((how) => how !== "whose spent units are gone"))(
    "a record %s hides no other purge from readers, and an audit names it, however old",
    async (how) => {
      const ledger = testLedger(backend);
      const { ids, batch } = await ledger.accept(["a", "b"]);
      const [id = "", other] = ids;
      await damage(id, how);
      const page = await ledger.listPurges({ limit: 10 });
      const found = await ledger.listPurges({ limit: 10, text: "x.test" });
      for (const { purges } of [page, found]) expect(purges.map((purge) => purge.id)).toEqual([other]);
      expect((await ledger.readBatch(batch.id))?.purges.map((purge) => purge.id)).toContain(other);
      ledger.time.now += 48 * 60 * minute;
      await ledger.audit();
      expect((await ledger.health()).alarms.map(({ message }) => message).join()).toContain(
        `test:1:purge:${id}`,
      );
    },
  );

  test("leasing, expiring, joining and holding go on around a broken record", async () => {
    const how = "that is no JSON";
    const ledger = testLedger(backend, { quota: 20 });
    const queued = await ledger.accept(names);
    await damage(queued.ids[1], how);
    expect(await ledger.leaseDue("send")).toHaveLength(4);
    expect(await ledger.readBudget()).toMatchObject({ spent: 4 });

    await damage(queued.ids[3], how);
    ledger.time.now += minute;
    await ledger.leaseDue("send", 0);
    expect((await ledger.health()).open).toMatchObject({ unknown: 3 });

    const again = await ledger.accept(["b"]);
    expect(again.batch.units).toBe(1);

    await ledger.correct({ external: 20, actor: "admin" });
    const held = await ledger.accept(["h1", "h2", "h3"], { onExhausted: "hold" });
    await damage(held.ids[0], how);
    await ledger.correct({ external: 0, actor: "admin" });
    expect(await Promise.all(held.ids.slice(1).map(ledger.stateOf))).toEqual(["queued", "queued"]);
  });

  test("a script that fails half-way leaves books that agree with the records, and works once the fault is mended", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(names, { wave: 5 });
    const results = [accepted("ik-a"), refused, throttled, throttled, accepted("ik-e")] as const;
    const advance: Advance = {
      settlements: leases.map((lease: Lease, i) => settlementOf(lease, results[i] ?? refused)),
    };
    await backend.raw.set("test:1:send", "not a queue");
    await expect(ledger.advance(advance)).rejects.toThrow("WRONGTYPE");
    for (let i = 0; i < 3; i++) {
      expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 2 });
      expect(await backend.raw.hgetall("test:1:open")).toMatchObject({ pending: "2", queued: "2" });
      await ledger.advance(advance);
    }
    await backend.raw.del("test:1:send");
    await ledger.audit();
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });

  test.each(["open", "pace:poll", "pace:send"])(
    "G2: what a script leased and settled is charged even if %s is broken",
    async (key) => {
      const ledger = testLedger(backend);
      const { leases } = await ledger.accept(["a", "b"], { wave: 1 });
      await backend.raw.set(`test:1:${key}`, "not a hash");
      const settlements = [settlementOf(leases[0], refused)];
      const lease = { lane: "send" as const, token: ledger.nextId("l"), limit: 1 };
      await ledger.advance({ settlements, lease }).catch(() => undefined);
      const page = await ledger.listPurges({ limit: 10 });
      const charged = page.purges.filter(({ state }) => state === "sending").length;
      const waiting = page.purges.filter(({ state }) => state === "queued").length;
      expect(await ledger.readBudget()).toMatchObject({ spent: charged, reserved: waiting });
    },
  );

  test("a script that only reads writes nothing when it fails", async () => {
    const ledger = testLedger(backend);
    const { batch } = await ledger.accept(["a"]);
    await backend.raw.hset(`test:1:batch:${batch.id}`, "purges", "{");
    // The month has turned: whoever writes says so.
    ledger.time.now += 30 * 24 * 60 * minute;
    const before = await backend.raw.hgetall("test:1:budget");
    await expect(ledger.readBatch(batch.id)).rejects.toThrow();
    expect(await backend.raw.hgetall("test:1:budget")).toEqual(before);
  });
});
