import { expect, test } from "vitest";
import type { BatchLine } from "../../src/domain/batch.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, completed, second, type TestLedger, testLedger } from "../support/test-ledger.ts";

const warnings = [{ code: "no-profile", severity: "note", message: "No profile." } as const];

/** One image line, served by a purge of each of these targets. */
async function submitImage(ledger: TestLedger, targets: readonly string[], actor = "shop", wave = 0) {
  const purges = targets.map((name) => ({
    id: ledger.nextId("p"),
    url: `https://x.test/${name}*`,
    maskedUrl: `https://x.test/${name}*`,
    kind: "wildcard" as const,
    lines: [1],
  }));
  const purgeIds = purges.map(({ id }) => id);
  const lines: readonly BatchLine[] = [
    { line: 1, verdict: "image", image: "/shoe.jpg", profile: "shop", purgeIds, warnings },
  ];
  return ledger.accept([], { actor, purges, lines, wave });
}

describeLedger("image lines", (backend) => {
  test("an image line names every purge that serves it, and each costs a unit", async () => {
    const ledger = testLedger(backend);
    const { batch, ids } = await submitImage(ledger, ["shoe.jpg", "tr:w-400/shoe.jpg"]);
    expect(batch.lines).toEqual([
      { line: 1, verdict: "image", image: "/shoe.jpg", profile: "shop", purgeIds: ids, warnings },
    ]);
    expect(batch).toMatchObject({ units: 2, done: false, budget: { reserved: 2 } });
  });

  test("an image line names the purges of other batches that it joined, and pays for the rest only", async () => {
    const ledger = testLedger(backend);
    const first = await submitImage(ledger, ["a", "b"]);
    const second = await submitImage(ledger, ["b", "c"], "cms");
    const [, joined] = first.ids;
    expect(second.batch).toMatchObject({ units: 1, lines: [{ purgeIds: [joined, second.ids[1]] }] });
    expect(second.ids[0]).toBe(joined);
  });

  test("a batch with an image line is done when the last of its purges has ended", async () => {
    const ledger = testLedger(backend);
    const { batch, leases } = await submitImage(ledger, ["a", "b"], "shop", 2);
    await ledger.settle(leases[0], accepted("ik-a"));
    await ledger.settle(leases[1], accepted("ik-b"));
    ledger.time.now += 5 * second;
    const [one, other] = await ledger.leaseDue("poll");
    await ledger.settle(one, completed);
    expect(await ledger.readBatch(batch.id)).toMatchObject({ done: false });
    await ledger.settle(other, completed);
    expect(await ledger.readBatch(batch.id)).toMatchObject({ done: true, budget: { spent: 2, reserved: 0 } });
  });

  test("cancelling one purge of an image frees its unit, and the line says which one was cancelled", async () => {
    const ledger = testLedger(backend);
    const { batch, ids } = await submitImage(ledger, ["a", "b"]);
    await ledger.cancel(ids[1] ?? "", { actor: "shop", scope: "own-batches", batchId: batch.id });
    expect(await ledger.readBatch(batch.id)).toMatchObject({
      done: false,
      lines: [{ purgeIds: ids, cancelledIds: [ids[1]] }],
      budget: { reserved: 1 },
    });
    await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    const after = await ledger.readBatch(batch.id);
    expect(after).toMatchObject({ done: true, lines: [{ cancelledIds: ids }], budget: { reserved: 0 } });
  });

  test("a purge that another image still waits for stays when one batch cancels it", async () => {
    const ledger = testLedger(backend);
    const first = await submitImage(ledger, ["a", "b"]);
    const other = await submitImage(ledger, ["b"], "cms");
    await ledger.cancel(first.ids[1] ?? "", { actor: "shop", scope: "own-batches" });
    expect(await ledger.readBatch(first.batch.id)).toMatchObject({
      lines: [{ cancelledIds: [first.ids[1]] }],
    });
    const [line] = (await ledger.readBatch(other.batch.id))?.lines ?? [];
    expect(line).toMatchObject({ verdict: "image", cancelledIds: undefined });
    expect(await ledger.stateOf(first.ids[1] ?? "")).toBe("queued");
  });

  test("a line served by a cover names the folder and its purge; a purge of a cover serves several lines", async () => {
    const ledger = testLedger(backend);
    const url = "https://x.test/autumn/*";
    const lines: readonly BatchLine[] = [
      { line: 1, verdict: "covered", cover: "/autumn/", purgeId: "p1", input: "https://x.test/autumn/a.jpg" },
      { line: 2, verdict: "image", image: "/autumn/b.jpg", purgeIds: ["p1"], warnings: [] },
    ];
    const { batch } = await ledger.accept([], {
      purges: [{ id: "p1", url, maskedUrl: url, kind: "wildcard", lines: [1, 2] }],
      lines,
    });
    expect(batch.lines).toMatchObject(lines);
    expect(batch.units).toBe(1);
    const again = await ledger.accept([], {
      purges: [{ id: "p2", url, maskedUrl: url, kind: "wildcard", lines: [1] }],
      lines: [{ line: 1, verdict: "covered", cover: "/autumn/", purgeId: "p2" }],
    });
    expect(again.batch).toMatchObject({ units: 0, lines: [{ cover: "/autumn/", purgeId: "p1" }] });
    await ledger.cancel("p1", { actor: "shop", scope: "own-batches", batchId: again.batch.id });
    expect((await ledger.readBatch(again.batch.id))?.lines).toMatchObject([{ cancelled: true }]);
  });
});
