import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeWith } from "../support/describe-with.ts";
import { bundleServer, type ServerProcess, type ServerProgram } from "./crash/server-process.ts";
import { environmentOf, ledgerName } from "./environment.ts";
import { weigh } from "./evidence.ts";
import { readRecords } from "./records.ts";
import { type System, startSystem } from "./system.ts";

describeWith("redis-server", "the last units of a month", () => {
  let system: System;
  let program: ServerProgram;
  const servers: ServerProcess[] = [];
  beforeAll(async () => {
    program = await bundleServer();
    system = await startSystem(systemClock);
    for (let count = 0; count < 3; count++) servers.push(await program.start(environmentOf(system)));
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await system?.close();
    await program?.close();
  });

  test("G3: 300 callers that want the last 250 units, over three server processes, get exactly 250", {
    timeout: 600_000,
  }, async () => {
    const post = async (path: string, body: object, caller: number): Promise<number> => {
      const server = servers[caller % servers.length];
      const request = {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": `caller ${caller}` },
        body: JSON.stringify(body),
      };
      // No connection in time counts as unanswered, like a 503.
      const answer = await server?.call(path, request).catch(() => undefined);
      return answer?.status ?? 503;
    };
    /** On a machine that is too slow for 300 callers at once, a 503 tells the caller to repeat the request with the same key. */
    const ask = async (caller: number): Promise<"granted" | "exhausted" | number> => {
      for (let attempt = 0; ; attempt++) {
        const status = await post(
          "/api/purges",
          { urls: [`https://ik.imagekit.io/demo/${caller}.jpg`] },
          caller,
        );
        if (status === 202 || status === 200) return "granted";
        if (status === 429) return "exhausted";
        if (status !== 503 || attempt === 20) return status;
      }
    };
    await post("/api/budget/corrections", { external: 750, reason: "dashboard" }, 0);
    const answers = await Promise.all(Array.from({ length: 300 }, (_, caller) => ask(caller)));
    expect(answers.filter((answer) => answer === "granted")).toHaveLength(250);
    expect(answers.filter((answer) => answer === "exhausted")).toHaveLength(50);
    // Sends go on after the answers. An audit reads key by key, so it is right only once they have ended.
    await expect.poll(() => auditLedger(system.raw, ledgerName)).toEqual([]);
    const records = await readRecords(system.raw);
    expect(records).toHaveLength(250);
    expect(weigh(system.imagekit.arrivals(), records).findings).toEqual([]);
  });
});
