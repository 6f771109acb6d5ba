import { accepted, completed, minute, second, type TestLedger } from "./test-ledger.ts";

/**
 * Sweeps a ledger every so often, each time with an audit and whatever may be sent and polled; ImageKit accepts and completes
 * all. Gives how many POSTs it was sent.
 */
export async function sweepEvery(everyMinutes: number, times: number, ledger: TestLedger): Promise<number> {
  let posts = 0;
  for (let time = 0; time < times; time++) {
    ledger.time.now += everyMinutes * minute;
    await ledger.audit();
    for (const lease of await ledger.leaseDue("send")) {
      posts += 1;
      await ledger.settle(lease, accepted(`ik-${lease.purgeId}`));
    }
    ledger.time.now += 5 * second;
    for (const lease of await ledger.leaseDue("poll")) await ledger.settle(lease, completed);
  }
  return posts;
}
