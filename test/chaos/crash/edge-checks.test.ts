import { expect, test } from "vitest";
import { sourceOf } from "../../../src/ledger/script.ts";
import { auditLedger } from "../../support/audit-ledger.ts";
import { describeWith } from "../../support/describe-with.ts";
import { ledgerName } from "../environment.ts";
import { weigh } from "../evidence.ts";
import { readRecords } from "../records.ts";
import { atCall, atScript, type KillPoint, leases, settles } from "./kill-points.ts";
import { mortalServers } from "./mortal-servers.ts";

const urls = Array.from({ length: 25 }, (_, i) => `https://ik.imagekit.io/demo/shoe-${i}.jpg`);

const whileChecking: Readonly<Record<string, KillPoint>> = {
  "before it leases": atScript(leases("check"), "before"),
  "after it leased": atScript(leases("check"), "after"),
  "before it reads": atCall("before-call", "HEAD"),
  "after it read": atCall("after-call", "HEAD"),
  "before it settles": atScript(settles("check"), "before"),
  "after it settled": atScript(settles("check"), "after"),
};
const besideASend: Readonly<Record<string, KillPoint>> = {
  "before the edge is read": atCall("before-call", "HEAD"),
  "after the edge was read": atCall("after-call", "HEAD"),
};

describeWith("redis-server", "a server killed around an edge check", () => {
  const { system, latest, submit, passTime, killDuring, sweepUntilDone } = mortalServers();

  /** What a check must never change. */
  const spending = async () =>
    (await readRecords(system().raw)).map(({ id, state, units, attempts }) => ({
      id,
      state,
      units,
      attempts,
    }));

  const expectAllChecked = async () => {
    const records = await readRecords(system().raw);
    expect(records).toHaveLength(urls.length + 1);
    expect(records.map(({ state }) => state)).toEqual(records.map(() => "completed"));
    expect(records.map(({ edge }) => edge?.outcome)).not.toContain("waiting");
    expect(records.map(({ edge }) => edge?.outcome)).not.toContain(undefined);
    expect(await auditLedger(system().raw, ledgerName)).toEqual([]);
    expect(weigh(system().imagekit.arrivals(), records).findings).toEqual([]);
  };

  test.each(Object.entries(whileChecking))(
    "a server killed while it checks, %s, changes no purge and no unit, and leaves no check behind",
    async (_, point) => {
      const server = latest();
      // So that the trap meets exactly one request: Redis knows this script too.
      await system().raw.script("LOAD", sourceOf("check"));
      expect((await submit(server, urls, "the batch")).status).toBe(202);
      await passTime(server, 6_000);
      await server.sweep();
      const before = await spending();
      expect(before.map(({ state }) => state)).toEqual(before.map(() => "completed"));
      await passTime(server, 6_000);
      const second = await killDuring(point, (swept) => swept.sweep());
      expect(await spending()).toEqual(before);
      await sweepUntilDone(second);
      expect(await spending()).toEqual(before);
      await expectAllChecked();
    },
  );

  test.each(Object.entries(besideASend))(
    "G1, G2, G4: a server killed beside a send, %s, loses nothing and spends nothing twice",
    async (_, point) => {
      const second = await killDuring(point, (server) => submit(server, urls, "the batch"));
      expect((await submit(second, urls, "the batch")).status).toBe(200);
      await sweepUntilDone(second);
      await expectAllChecked();
    },
  );

  test("G1: purges whose every reading fails complete as others do, at the same cost, and no reading is left", async () => {
    const server = latest();
    system().imagekit.control.cdn.addFaults({ kind: "reset", times: "forever" });
    expect((await submit(server, urls, "the batch")).status).toBe(202);
    await sweepUntilDone(server);
    await expectAllChecked();
    const records = await readRecords(system().raw);
    expect(records.map(({ edge }) => edge?.outcome)).toEqual(records.map(() => "unreadable"));
    expect(records.map(({ units, attempts }) => [units, attempts])).toEqual(records.map(() => [1, 1]));
  });
});
