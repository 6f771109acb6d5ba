import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import type { RedisBackend } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import { testLedger } from "../support/test-ledger.ts";
import { situations } from "./sent-twice-situations.ts";

/** Loses the reply of the first execution, and sees what Redis held after it. */
function loseFirstReply(backend: RedisBackend) {
  const seen = new Set<string>();
  const afterFirst: Promise<Readonly<Record<string, string>>>[] = [];
  backend.bridge.setFault(async ({ commands }) => {
    const name = commands[0]?.[0] ?? "";
    if (!seen.has(name)) {
      seen.add(name);
      return "lose-reply";
    }
    afterFirst.push(redisContent(backend.raw));
    await afterFirst.at(-1);
    return "pass";
  });
  return { lastBefore: async () => afterFirst.at(-1) };
}

const rows = Object.entries(situations).flatMap(([method, prepares]) =>
  Object.entries(prepares).map(([situation, prepare]) => [method, situation, prepare] as const),
);

/** Ids are counters: both runs of a situation are told apart by nothing else. */
const withoutIds = (answer: unknown) => JSON.stringify(answer)?.replace(/[pblo]\d{6}/g, "id");

describeLedger("a call whose reply was lost", (backend) => {
  test.each(rows)("%s %s, sent twice, answers the same and changes nothing", async (_, __, prepare) => {
    const policy = { quota: 5, repeatLimit: 2 };
    const once = testLedger(backend, policy);
    const expected = await (await prepare(once))(once);
    await backend.flush();

    const twice = testLedger(backend, policy);
    const call = await prepare(twice);
    const { lastBefore } = loseFirstReply(backend);
    const answer = await call(twice);
    backend.bridge.setFault(undefined);
    expect(withoutIds(answer)).toBe(withoutIds(expected));
    const before = await lastBefore();
    expect(before, "the call was sent twice").toBeDefined();
    expect(await redisContent(backend.raw)).toEqual(before);
  });

  test("G2: the lease of a lost reply is granted again, and charged once", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a", "b"]);
    loseFirstReply(backend);
    expect(await ledger.leaseDue("send")).toHaveLength(2);
    backend.bridge.setFault(undefined);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });

  test("a lease request that was answered with nothing and arrives again gives nothing that nobody awaits", async () => {
    const ledger = testLedger(backend);
    const request = { settlements: [], lease: { lane: "send" as const, token: "delayed", limit: 5 } };
    expect((await ledger.advance(request)).leases).toEqual([]);
    const { ids } = await ledger.accept(["a"]);
    expect((await ledger.advance(request)).leases).toEqual([]);
    expect(await ledger.stateOf(ids[0] ?? "")).toBe("queued");
  });
});
