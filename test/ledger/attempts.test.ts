import { expect, test } from "vitest";
import { LedgerUnavailable } from "../../src/ledger/contract.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { second, testLedger } from "../support/test-ledger.ts";

const times = (count: number) => Array.from({ length: count });

describeLedger("attempts to sign in", (backend) => {
  const rateKeys = () => backend.raw.keys("test:1:rate:*");

  test("ten at once from an address, then it is told how long to wait", async () => {
    const ledger = testLedger(backend);
    for (const _ of times(10)) expect(await ledger.attempt("192.0.2.1")).toBeUndefined();
    expect(await ledger.attempt("192.0.2.1")).toBe(30 * second);
    ledger.time.now += 12 * second;
    expect(await ledger.attempt("192.0.2.1")).toBe(18 * second);
  });

  test("concurrent attempts over two instances are let exactly ten times", async () => {
    const [one, other] = [testLedger(backend), testLedger(backend)];
    const waits = await Promise.all(
      times(24).map((_, n) => (n % 2 === 0 ? one : other).attempt("192.0.2.1")),
    );
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(10);
  });

  test("one more every half a minute, and ten again after five minutes but never more", async () => {
    const ledger = testLedger(backend);
    for (const _ of times(10)) await ledger.attempt("192.0.2.1");
    ledger.time.now += 30 * second - 1;
    expect(await ledger.attempt("192.0.2.1")).toBe(1);
    ledger.time.now += 1;
    expect(await ledger.attempt("192.0.2.1")).toBeUndefined();
    expect(await ledger.attempt("192.0.2.1")).toBe(30 * second);
    ledger.time.now += 3_600 * second;
    for (const _ of times(10)) expect(await ledger.attempt("192.0.2.1")).toBeUndefined();
    expect(await ledger.attempt("192.0.2.1")).toBe(30 * second);
  });

  test("an attempt that was refused makes nobody wait longer", async () => {
    const ledger = testLedger(backend);
    for (const _ of times(30)) await ledger.attempt("192.0.2.1");
    expect(await ledger.attempt("192.0.2.1")).toBe(30 * second);
  });

  test("each address has its own", async () => {
    const ledger = testLedger(backend);
    for (const _ of times(11)) await ledger.attempt("192.0.2.1");
    expect(await ledger.attempt("2001:db8::1")).toBeUndefined();
    expect(await ledger.attempt("")).toBeUndefined();
    expect(await rateKeys()).toHaveLength(3);
  });

  test("no caller's bucket can be that of an address, nor the other way round", async () => {
    const ledger = testLedger(backend, { callerRate: { perSecond: 0.001, burst: 1 } });
    for (const _ of times(11)) await ledger.attempt("shop");
    await ledger.onBehalfOf({ caller: "shop" }).readBudget();
    expect(await ledger.attempt("cms")).toBeUndefined();
  });

  test("an attempt whose reply was lost has happened: it is answered, and counts", async () => {
    const ledger = testLedger(backend);
    await ledger.attempt("192.0.2.1");
    let lost = 0;
    backend.bridge.setFault(() => (lost++ === 0 ? "lose-reply" : "pass"));
    expect(await ledger.attempt("192.0.2.1")).toBeUndefined();
    backend.bridge.setFault(undefined);
    for (const _ of times(7)) expect(await ledger.attempt("192.0.2.1")).toBeUndefined();
    expect(await ledger.attempt("192.0.2.1")).toBe(30 * second);
  });

  test("without Redis nobody is let in", async () => {
    const ledger = testLedger(backend);
    backend.bridge.setFault(() => "lose-request");
    await expect(ledger.attempt("192.0.2.1")).rejects.toBeInstanceOf(LedgerUnavailable);
  });

  test("leaves one key, which is gone when the bucket is full and does not tell the address", async () => {
    const ledger = testLedger(backend);
    await ledger.attempt("192.0.2.1");
    const [key = "", ...others] = await backend.raw.keys("*");
    expect(others).toEqual([]);
    expect(key).toMatch(/^test:1:rate:sign-in:[0-9a-f]{32}$/);
    const ttlMs = await backend.raw.pttl(key);
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(30 * second);
    for (const _ of times(9)) await ledger.attempt("192.0.2.1");
    expect(await backend.raw.pttl(key)).toBeLessThanOrEqual(300 * second);
  });

  test("a clock that was set back keeps nobody out for longer than an empty bucket would", async () => {
    const ledger = testLedger(backend);
    for (const _ of times(10)) await ledger.attempt("192.0.2.1");
    ledger.time.now -= 3_600 * second;
    expect(await ledger.attempt("192.0.2.1")).toBe(30 * second);
  });
});
