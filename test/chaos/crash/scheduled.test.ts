import { expect, test } from "vitest";
import { toIsoTime } from "../../../src/domain/time.ts";
import { auditLedger } from "../../support/audit-ledger.ts";
import { describeWith } from "../../support/describe-with.ts";
import { ledgerName } from "../environment.ts";
import { weigh } from "../evidence.ts";
import { readRecords } from "../records.ts";
import { atImageKit, atScript, type KillPoint, leases, reserves, settles } from "./kill-points.ts";
import { mortalServers } from "./mortal-servers.ts";

const urls = Array.from({ length: 25 }, (_, i) => `https://ik.imagekit.io/demo/sale-${i}.jpg`);
const aheadMs = 3_600_000;
/** More than a test may take. */
const earlyMs = 300_000;

const atTheWake: Readonly<Record<string, KillPoint>> = {
  "before it wakes them": atScript(leases("send"), "before"),
  "after it woke and leased them": atScript(leases("send"), "after"),
  "in the middle of sending them": atImageKit("taken", 8),
  "after it settled some": atScript(settles("send"), "after"),
};

describeWith("redis-server", "a server killed around a scheduled send", () => {
  const { system, latest, submit, passTime, killDuring, sweepUntilDone } = mortalServers();
  const arrived = () => system().imagekit.control.totals("send").total - 1;

  test.each(Object.entries(atTheWake))(
    "G1, G2, G4: scheduled purges survive a server that dies on accepting them and one that dies at their time, %s",
    async (_, point) => {
      const sendAfter = toIsoTime(Date.now() + aheadMs);
      const second = await killDuring(atScript(reserves, "after"), (server) =>
        submit(server, urls, "the sale", { sendAfter }),
      );
      expect((await submit(second, urls, "the sale", { sendAfter })).status).toBe(200);
      await passTime(second, aheadMs - earlyMs);
      await second.sweep();
      expect(arrived(), "nothing is sent early").toBe(0);
      await passTime(second, earlyMs + 1_000);
      const third = await killDuring(point, (server) => server.sweep());
      await sweepUntilDone(third);
      const records = await readRecords(system().raw);
      expect(records.map(({ state }) => state)).toEqual(records.map(() => "completed"));
      expect(records).toHaveLength(urls.length + 1);
      expect(await auditLedger(system().raw, ledgerName)).toEqual([]);
      expect(weigh(system().imagekit.arrivals(), records).findings).toEqual([]);
    },
  );

  test("two sweeps at the time of a scheduled batch send each of its purges once", async () => {
    await submit(latest(), urls, "the sale", { sendAfter: toIsoTime(Date.now() + aheadMs) });
    await passTime(latest(), aheadMs + 1_000);
    await Promise.all([latest().sweep(), latest().sweep()]);
    await sweepUntilDone(latest());
    expect(arrived()).toBe(urls.length);
    expect(await auditLedger(system().raw, ledgerName)).toEqual([]);
  });
});
