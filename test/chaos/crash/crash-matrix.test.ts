import { describe, expect, test } from "vitest";
import * as z from "zod";
import { isTerminal } from "../../../src/domain/purge.ts";
import { auditLedger } from "../../support/audit-ledger.ts";
import { describeWith } from "../../support/describe-with.ts";
import { adminToken, ledgerName } from "../environment.ts";
import { weigh } from "../evidence.ts";
import { readRecords } from "../records.ts";
import { atCall, atImageKit, atScript, type KillPoint, leases, reserves, settles } from "./kill-points.ts";
import { mortalServers } from "./mortal-servers.ts";
import type { ServerProcess } from "./server-process.ts";

/** Two full waves and part of a third. */
const urls = Array.from({ length: 45 }, (_, i) => `https://ik.imagekit.io/demo/shoe-${i}.jpg`);
const batchAnswer = z.object({
  id: z.string(),
  done: z.boolean(),
  purges: z.array(z.object({ id: z.string() })),
});

/** What the dead server left behind, which shows that it died at the named point: purges in `sending`, and POSTs arrived. */
type Left = { readonly sending?: number; readonly arrived: "none" | "some" | "all" };

const inSubmission: Readonly<Record<string, readonly [KillPoint, Left]>> = {
  "before reserve": [atScript(reserves, "before"), { sending: 0, arrived: "none" }],
  "after reserve, its leases written and unread": [
    atScript(reserves, "after"),
    { sending: 20, arrived: "none" },
  ],
  "before the first bytes leave": [atCall("before-call", "POST"), { sending: 20, arrived: "none" }],
  "after bytes left, ImageKit never takes them": [
    atImageKit("not-taken", 1),
    { sending: 20, arrived: "some" },
  ],
  "after ImageKit took it, before it answers": [atImageKit("taken", 1), { sending: 20, arrived: "some" }],
  "after ImageKit answered": [atCall("after-call", "POST"), { sending: 20, arrived: "some" }],
  "in mid-wave": [atImageKit("taken", 13), { arrived: "some" }],
  "before advance": [atScript(settles("send"), "before"), { sending: 20, arrived: "some" }],
  "after advance, its new leases unread": [atScript(settles("send"), "after"), { arrived: "some" }],
  "in the second wave": [atImageKit("taken", 33), { arrived: "some" }],
};
/** With how many of its POSTs had arrived when the server died. */
const inDropIn: Readonly<Record<string, readonly [KillPoint, number]>> = {
  "before reserve": [atScript(reserves, "before"), 0],
  "after reserve": [atScript(reserves, "after"), 0],
  "after ImageKit took it, before it answers": [atImageKit("taken", 1), 1],
  "before advance": [atScript(settles("send"), "before"), 1],
  "after advance": [atScript(settles("send"), "after"), 1],
};
const inSweep: Readonly<Record<string, readonly [KillPoint, Left]>> = {
  "before it leases": [atScript(leases("send"), "before"), { sending: 20, arrived: "none" }],
  "after it leased": [atScript(leases("send"), "after"), { sending: 40, arrived: "none" }],
  "in mid-sweep": [atImageKit("taken", 8), { sending: 40, arrived: "some" }],
  "before it settles": [atScript(settles("send"), "before"), { sending: 40, arrived: "some" }],
  "after it settled": [atScript(settles("send"), "after"), { arrived: "some" }],
};
const inPolls: Readonly<Record<string, readonly [KillPoint, Left]>> = {
  "after polls are leased": [atScript(leases("poll"), "after"), { arrived: "all" }],
  "before a poll leaves": [atCall("before-call", "GET"), { arrived: "all" }],
  "in the middle of the polls": [atImageKit("taken", 9), { arrived: "all" }],
  "between a poll and its settle": [atScript(settles("poll"), "before"), { arrived: "all" }],
  "after polls are settled": [atScript(settles("poll"), "after"), { arrived: "all" }],
};

describeWith("redis-server", "a server killed by SIGKILL", () => {
  const { system, latest, submit, passTime, killDuring, sweepUntilDone } = mortalServers();
  const expectLeft = async ({ sending, arrived }: Left) => {
    const records = await readRecords(system().raw);
    if (sending !== undefined)
      expect(records.filter(({ state }) => state === "sending")).toHaveLength(sending);
    const count = system().imagekit.control.totals("send").total - 1;
    expect(count === 0 ? "none" : count === urls.length ? "all" : "some").toBe(arrived);
  };
  /** What must hold whenever and however often servers die. */
  const expectNothingLost = async (server: ServerProcess) => {
    const again = await submit(server, urls, "the batch");
    const batch = batchAnswer.parse(await again.json());
    await sweepUntilDone(server);
    const replay = await submit(server, urls, "the batch");
    expect(replay.status).toBe(200);
    const ended = batchAnswer.parse(await replay.json());
    expect(ended).toMatchObject({ id: batch.id, done: true });
    expect(ended.purges).toHaveLength(urls.length);
    const records = await readRecords(system().raw);
    expect(records).toHaveLength(urls.length + 1);
    expect(records.filter(({ state }) => !isTerminal(state))).toEqual([]);
    expect(await auditLedger(system().raw, ledgerName)).toEqual([]);
    const evidence = weigh(system().imagekit.arrivals(), records);
    expect(evidence.findings).toEqual([]);
    return { records, evidence };
  };
  const expectAllCompleted = async (server: ServerProcess) => {
    const { records } = await expectNothingLost(server);
    expect(records.map(({ state }) => state)).toEqual(records.map(() => "completed"));
  };

  describe("submitting", () => {
    test.each(Object.entries(inSubmission))(
      "G1, G2, G4, G6: a server killed while it submits, %s, loses nothing and spends nothing twice",
      async (_, [point, left]) => {
        const second = await killDuring(point, (server) => submit(server, urls, "the batch"));
        await expectLeft(left);
        await expectAllCompleted(second);
      },
    );
  });

  describe("serving the drop-in endpoint", () => {
    test.each(Object.entries(inDropIn))(
      "G1, G2, G4: a server killed while it serves an SDK, %s, gives the SDK's resend the same purge, for the same units",
      async (_, [point, arrivedBefore]) => {
        const save = (server: ServerProcess, retries: number) =>
          server.call("/v1/files/purge", {
            method: "POST",
            headers: {
              "Content-Type": "application/json",
              Authorization: `Basic ${btoa(`${adminToken}:`)}`,
              "X-Stainless-Retry-Count": String(retries),
            },
            body: JSON.stringify({ url: urls[0] }),
          });
        const second = await killDuring(point, (server) => save(server, 0));
        expect(system().imagekit.control.totals("send").total - 1).toBe(arrivedBefore);
        const answers = [await save(second, 1), await save(second, 2)];
        expect(answers.map(({ status }) => status)).toEqual([201, 201]);
        const ids = new Set(
          await Promise.all(answers.map(async (answer) => (await answer.json()).requestId)),
        );
        expect(ids.size).toBe(1);
        await sweepUntilDone(second);
        const records = await readRecords(system().raw);
        expect(records.map(({ state }) => state)).toEqual(["completed", "completed"]);
        expect(await auditLedger(system().raw, ledgerName)).toEqual([]);
        expect(weigh(system().imagekit.arrivals(), records).findings).toEqual([]);
      },
    );
  });

  describe("sweeping", () => {
    test.each(Object.entries(inSweep))(
      "G1, G2, G4: a server killed while it sweeps, %s, loses nothing and spends nothing twice",
      async (_, [point, left]) => {
        const second = await killDuring(atScript(reserves, "after"), (server) =>
          submit(server, urls, "the batch"),
        );
        await passTime(second, 1_000);
        const third = await killDuring(point, (server) => server.sweep());
        await expectLeft(left);
        // With as many under way as may be, a sweep would wait ten seconds for a lease to end.
        await passTime(third, 61_000);
        await expectAllCompleted(third);
      },
    );
  });

  describe("polling", () => {
    test.each(Object.entries(inPolls))(
      "G1, G5: a server killed while it polls, %s, loses no purge",
      async (_, [point, left]) => {
        const server = latest();
        // Polls and sends are leased by the same script, which Redis knows once a batch was settled.
        expect((await submit(server, urls, "the batch")).status).toBe(202);
        await passTime(server, 6_000);
        const second = await killDuring(point, (swept) => swept.sweep());
        await expectLeft(left);
        await expectAllCompleted(second);
      },
    );
  });

  test("G4: after a server was killed while it resends, purges that stay unknown are given up and both units stay charged", async () => {
    const second = await killDuring(atImageKit("not-taken", 1), (server) =>
      submit(server, urls, "the batch"),
    );
    await passTime(second, 61_000);
    await second.sweep();
    // This many expired leases closed the breaker: one sweep sends a probe, then the purges never sent, then the resends.
    await passTime(second, 181_000);
    const third = await killDuring(atImageKit("taken", 36), (server) => server.sweep());
    const { records, evidence } = await expectNothingLost(third);
    const abandoned = records.filter(({ state }) => state === "abandoned");
    expect(abandoned.length).toBeGreaterThan(0);
    expect(abandoned.map(({ units, attempts }) => [units, attempts])).toEqual(abandoned.map(() => [2, 2]));
    expect(evidence.charged).toBeGreaterThan(evidence.taken);
  });
});
