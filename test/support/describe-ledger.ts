import { afterEach, expect } from "vitest";
import { auditLedger } from "./audit-ledger.ts";
import { describeOnEveryRedis, type RedisBackend } from "./ledger-backends.ts";

/** A suite on every Redis. After each test the raw ledger is recounted, and every figure must agree. */
export function describeLedger(name: string, suite: (backend: RedisBackend) => void): void {
  describeOnEveryRedis(name, (backend) => {
    afterEach(async () => {
      expect(await auditLedger(backend.raw, "test")).toEqual([]);
    });
    suite(backend);
  });
}
