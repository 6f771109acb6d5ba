import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, testLedger } from "../support/test-ledger.ts";

const texts = [
  "Größe ändern 👗 שלום \u0000 \u2028 \u007f",
  '"}],{"state":"completed" \\ \\" \\u0041 [[ ]] %s \' `',
  "]]== redis.call('FLUSHALL') --",
  "__proto__ constructor null 1e5 true",
  "NOSCRIPT FORBIDDEN WRONGTYPE user_script , command was: []",
];

describeLedger("text that others wrote", (backend) => {
  test.each(texts)("a reason comes back as it was given: %j", async (reason) => {
    const ledger = testLedger(backend);
    const { batch } = await ledger.accept(["a"], { reason, actor: "shop" });
    const read = await ledger.readBatch(batch.id);
    expect(read?.reason).toBe(reason);
    expect(read?.purges[0]?.reason).toBe(reason);
  });

  test.each(texts)("a URL is leased exactly as it was reserved: %j", async (text) => {
    const ledger = testLedger(backend);
    const lease = await ledger.send(text);
    expect(lease.url).toBe(`https://x.test/${text}`);
    const { joins } = await ledger.plan({ actor: "shop", urls: [lease.url], changedAt: 0 });
    expect(joins).toEqual(new Map([[lease.url, lease.purgeId]]));
    await ledger.settle(lease, accepted(text));
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ imagekitRequestId: text, url: lease.url });
  });

  test("half a surrogate pair in a reason does not stop a batch", async () => {
    const ledger = testLedger(backend);
    const { batch } = await ledger.accept(["a"], { reason: "broken \ud83d reason" });
    expect((await ledger.readBatch(batch.id))?.reason).toBe("broken \ufffd reason");
  });

  test("100 URLs of 4,096 bytes, signed, go through in one call and come back whole", async () => {
    const ledger = testLedger(backend);
    const purges = Array.from({ length: 100 }, (_, i) => {
      const start = `https://x.test/${String(i)}?ik-s=`;
      const url = start.padEnd(4_096, "s");
      return { id: ledger.nextId("p"), url, maskedUrl: `${start}masked`.padEnd(4_096, "m"), lines: [i + 1] };
    });
    const reply = await ledger.accept([], {
      wave: 20,
      purges: purges.map((purge) => ({ ...purge, kind: "exact" as const })),
      lines: purges.map(({ id }, i) => ({ line: i + 1, verdict: "accepted", purgeId: id, warnings: [] })),
    });
    expect(reply.leases.map((lease) => lease.lane === "send" && lease.url)).toEqual(
      purges.slice(0, 20).map(({ url }) => url),
    );
    const read = await ledger.readBatch(reply.batch.id);
    expect(read?.purges.map(({ url }) => url)).toEqual(purges.map(({ url }) => url));
  });
});
