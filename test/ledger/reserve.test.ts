import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { midNovember, testLedger } from "../support/test-ledger.ts";

describeLedger("reserve", (backend) => {
  test("G1: an accepted batch is stored line by line, each purge with one unit reserved", async () => {
    const ledger = testLedger(backend);
    const { batch, leases } = await ledger.accept(["a", "b", "c"], { reason: "new photo" });
    expect(leases).toEqual([]);
    expect(batch).toMatchObject({ actor: "shop", reason: "new photo", done: false, units: 3 });
    expect(batch.createdAt).toBe(midNovember);
    expect(batch.lines.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted", "accepted"]);
    expect(batch.purges.map(({ url, state, units, attempts }) => ({ url, state, units, attempts }))).toEqual(
      ["a", "b", "c"].map((name) => ({
        url: `https://x.test/${name}`,
        state: "queued",
        units: 1,
        attempts: 0,
      })),
    );
    expect(batch.budget).toMatchObject({ spent: 0, reserved: 3, available: 97 });
    expect(await ledger.readBatch(batch.id)).toEqual(batch);
  });

  test("a reservation leases the first wave in the same call, in the order of the lines, and no more than asked for", async () => {
    const ledger = testLedger(backend);
    const { batch, leases, retryInMs } = await ledger.accept(["d", "c", "b", "a"], { wave: 3 });
    expect(leases.map((lease) => lease.lane === "send" && lease.url)).toEqual([
      "https://x.test/d",
      "https://x.test/c",
      "https://x.test/b",
    ]);
    expect(retryInMs).toBe(0);
    expect(batch.purges.map(({ state }) => state)).toEqual(["sending", "sending", "sending", "queued"]);
    expect(batch.purges[0]).toMatchObject({ attempts: 1, units: 1, sentAt: midNovember });
    expect(batch.budget).toMatchObject({ spent: 3, reserved: 1, available: 96 });
  });

  test("G2: a lease moves the unit from reserved to spent before the bytes leave", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a", "b"]);
    expect(await ledger.leaseDue("send", 1)).toHaveLength(1);
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1, available: 98 });
  });

  test("every accepted line has the purge that serves it, duplicates and covered lines too", async () => {
    const ledger = testLedger(backend);
    const { batch } = await ledger.accept(["a"], {
      purges: [
        {
          id: "p1",
          url: "https://x.test/a*",
          maskedUrl: "https://x.test/a*",
          kind: "wildcard",
          lines: [1, 2, 3],
        },
      ],
      lines: [
        {
          line: 1,
          verdict: "accepted",
          purgeId: "p1",
          warnings: [{ code: "x", severity: "caution", message: "odd" }],
        },
        { line: 2, verdict: "duplicate", of: 1, purgeId: "p1" },
        { line: 3, verdict: "covered", by: 1, purgeId: "p1" },
        {
          line: 4,
          verdict: "rejected",
          input: "nope",
          violations: [{ code: "not-a-url", message: "It is not one." }],
        },
      ],
    });
    expect(batch.lines).toMatchObject([
      { verdict: "accepted", purgeId: "p1", warnings: [{ message: "odd" }] },
      { verdict: "duplicate", of: 1, purgeId: "p1" },
      { verdict: "covered", by: 1, purgeId: "p1" },
      { verdict: "rejected", input: "nope" },
    ]);
    expect(batch.purges).toMatchObject([{ id: "p1", kind: "wildcard", lines: [1, 2, 3] }]);
    expect(batch.units).toBe(1);
  });

  test("a purge's timeline begins with the caller", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { actor: "cms" });
    expect((await ledger.purge(ids[0] ?? "")).timeline).toEqual([
      { at: midNovember, state: "queued", by: "cms", note: "Accepted; one unit is set aside for it." },
    ]);
  });

  test("a purge or batch that does not exist is absent", async () => {
    const ledger = testLedger(backend);
    expect(await ledger.readBatch("b-none")).toBeUndefined();
    expect(await ledger.readPurge("p-none")).toBeUndefined();
    expect(await ledger.isIdle()).toBe(true);
  });
});
