import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { systemClock } from "../../../src/domain/time.ts";
import { auditLedger } from "../../support/audit-ledger.ts";
import { environmentOf, ledgerName } from "../environment.ts";
import { type System, startSystem } from "../system.ts";
import type { KillPoint, Trap } from "./kill-points.ts";
import { bundleServer, type ServerProcess, type ServerProgram } from "./server-process.ts";

/** Servers that are killed and started again over one system. To be called in a `describe`: it sets the hooks. */
export function mortalServers() {
  let program: ServerProgram;
  let system: System;
  const onImageKit: Trap["onImageKit"] = { pause: undefined };
  const running: ServerProcess[] = [];
  let aheadMs = 0;

  beforeAll(async () => {
    // Every answer of the simulated ImageKit waits on this clock, so a trap here fires between a request and its answer.
    const clock = { ...systemClock, sleep: async () => onImageKit.pause?.() };
    program = await bundleServer();
    system = await startSystem(clock);
  });
  beforeEach(async () => {
    onImageKit.pause = undefined;
    aheadMs = 0;
    await system.clear();
    system.imagekit.control.change({ pendingMs: 0 });
    const server = await start();
    // One purge first: from here on Redis knows the scripts, so that each trap meets exactly one request.
    await submit(server, ["https://ik.imagekit.io/demo/first.jpg"], "first");
  });
  afterAll(async () => {
    await Promise.all(running.map((server) => server.kill()));
    await system?.close();
    await program?.close();
  });

  const start = async () => {
    const server = await program.start(environmentOf(system));
    running.push(server);
    await server.setAhead(aheadMs);
    return server;
  };
  const latest = () => {
    const server = running.at(-1);
    if (server === undefined) throw new Error("no server was started");
    return server;
  };
  const submit = (server: ServerProcess, lines: readonly string[], key: string, more = {}) =>
    server.call("/api/purges", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify({ urls: lines, ...more }),
    });
  const passTime = async (server: ServerProcess, byMs: number) => {
    aheadMs += byMs;
    await server.setAhead(aheadMs);
  };
  /** Kills the server at the given point while `work` runs, and leaves everything as it was at its death. */
  const killDuring = async (point: KillPoint, work: (server: ServerProcess) => Promise<Response>) => {
    const server = latest();
    const { killed } = await point({ system, server, onImageKit });
    const worked = work(server).catch(() => undefined);
    await killed;
    await worked;
    // A script that the dead server had sent may still be running. Redis answers the bridge in order, so it is done after this.
    await setImmediate();
    await system.bridge.connected();
    system.bridge.setFault(undefined);
    onImageKit.pause = undefined;
    system.imagekit.control.change({ latencyMs: 0 });
    expect(await auditLedger(system.raw, ledgerName)).toEqual([]);
    return start();
  };
  /** Sweeps, minute after minute, until nothing is open and everything is checked, or for two hours. */
  const sweepUntilDone = async (server: ServerProcess) => {
    for (let minute = 0; minute < 120; minute++) {
      expect((await server.sweep()).status).toBe(204);
      if (
        (await system.raw.exists(
          ...["send", "settle", "poll", "checks"].map((q) => `${ledgerName}:1:${q}`),
        )) === 0
      )
        return;
      await passTime(server, 61_000);
    }
  };
  return {
    system: () => system,
    latest,
    submit,
    passTime,
    killDuring,
    sweepUntilDone,
  };
}
