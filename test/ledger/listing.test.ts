import { expect, test } from "vitest";
import type { PurgeQuery } from "../../src/ledger/contract.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { describeOn } from "../support/ledger-backends.ts";
import { accepted, midNovember, second, type TestLedger, testLedger } from "../support/test-ledger.ts";

/** Every page, following the cursors. */
async function allPages(ledger: TestLedger, query: PurgeQuery): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: PurgeQuery["cursor"];
  do {
    const page = await ledger.listPurges({ ...query, cursor });
    ids.push(...page.purges.map(({ id }) => id));
    cursor = page.next;
  } while (cursor);
  return ids;
}

describeLedger("listing", (backend) => {
  test("a list has the newest purges first and each once, whatever the page size, even within one millisecond", async () => {
    const ledger = testLedger(backend);
    const { ids: older } = await ledger.accept(["a", "b", "c", "d", "e"]);
    ledger.time.now += 1;
    const { ids: newer } = await ledger.accept(["f", "g"]);
    const expected = [...newer.toReversed(), ...older.toReversed()];
    for (const limit of [1, 2, 3, 7, 100]) expect(await allPages(ledger, { limit })).toEqual(expected);
    expect((await ledger.listPurges({ limit: 7 })).next).toBeUndefined();
  });

  test("a list's cursor keeps its place while new purges arrive", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b", "c", "d"]);
    const first = await ledger.listPurges({ limit: 2 });
    await ledger.accept(["e", "f"]);
    const { purges } = await ledger.listPurges({ limit: 2, cursor: first.next });
    expect([...first.purges, ...purges].map(({ id }) => id)).toEqual(ids.toReversed());
  });

  test("a cursor holds its place when its own record is gone, among others of the same time too", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b", "c", "d", "e"]);
    for (const id of ids) await ledger.cancel(id, { actor: "shop", scope: "own-batches" });
    const first = await ledger.listPurges({ limit: 2 });
    expect(first.next?.id).toBe(ids[3]);
    await backend.raw.del(`test:1:purge:${ids[3]}`);
    await backend.raw.zrem("test:1:index", ids[3] ?? "");
    const { purges } = await ledger.listPurges({ limit: 5, cursor: first.next });
    expect(purges.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]]);
  });

  test("a list is filtered by state, actor, batch (also one that joined), text, and time from inclusive to exclusive", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["Shoe.jpg", "hat.jpg"], { wave: 1 });
    ledger.time.now += second;
    const later = await ledger.accept(["hat.jpg", "glove.jpg"], { actor: "cms" });
    const [shoe, hat] = first.ids;
    const [, glove] = later.ids;
    const find = async (query: Partial<PurgeQuery>) => allPages(ledger, { limit: 2, ...query });
    expect(await find({ state: "sending" })).toEqual([shoe]);
    expect(await find({ state: "held" })).toEqual([]);
    expect(await find({ actor: "cms" })).toEqual([glove]);
    expect(await find({ batchId: later.batch.id })).toEqual([glove, hat]);
    expect(await find({ batchId: first.batch.id })).toEqual([hat, shoe]);
    expect(await find({ text: "SHOE" })).toEqual([shoe]);
    expect(await find({ text: ".jpg" })).toEqual([glove, hat, shoe]);
    expect(await find({ text: "accepted" })).toEqual([]);
    expect(await find({ from: midNovember, to: midNovember + second })).toEqual([hat, shoe]);
    expect(await find({ from: midNovember + second })).toEqual([glove]);
    expect(await find({ to: midNovember })).toEqual([]);
    expect(await find({ actor: "shop", text: "hat", state: "queued" })).toEqual([hat]);
  });

  test("text is found in the URL, the reason and the ids, and nowhere else", async () => {
    const ledger = testLedger(backend);
    const shop = await ledger.accept(["shoe"], { reason: 'Neue "Größe", 50 %', wave: 1 });
    await ledger.settle(shop.leases[0], accepted("IK9f3"));
    const other = await ledger.accept(["boot"], { actor: "cms" });
    const joining = await ledger.accept(["boot"], { actor: "web" });
    const [shoe = "", boot = ""] = [shop.ids[0], other.ids[0]];
    const found = async (text: string) =>
      (await ledger.listPurges({ limit: 9, text })).purges.map(({ id }) => id);
    for (const text of ["neue", '"Größe"', 'größe", 50 %', "ik9F3", shoe.toUpperCase(), shop.batch.id]) {
      expect([text, await found(text)]).toEqual([text, [shoe]]);
    }
    for (const text of [boot, other.batch.id, joining.batch.id]) {
      expect([text, await found(text)]).toEqual([text, [boot]]);
    }
    // States, actors and notes are no text to look for.
    for (const text of ["queued", "cms", "Accepted", joining.batch.id.slice(1)]) {
      expect([text, await found(text)]).toEqual([text, []]);
    }
  });

  test("the filter `open` keeps what has not ended", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b", "c"], { wave: 1, reason: '"endedAt":1' });
    await ledger.cancel(ids[1] ?? "", { actor: "shop", scope: "own-batches" });
    expect(await allPages(ledger, { limit: 2, state: "open" })).toEqual([ids[2], ids[0]]);
  });

  test.each(['"', "\\", "/", "%", "[a-z]", ".", "é", "👗", "\u007f"])(
    "a list's search takes text literally: %j",
    async (text) => {
      const ledger = testLedger(backend);
      const { ids } = await ledger.accept([`x${text}y`, "plain"]);
      const { purges } = await ledger.listPurges({ limit: 5, text: `x${text}Y` });
      expect(purges.map(({ id }) => id)).toEqual([ids[0]]);
    },
  );

  test("once a purge is over its signature is neither found by search nor in the answer", async () => {
    const ledger = testLedger(backend);
    const url = "https://x.test/a?ik-s=secret";
    const maskedUrl = "https://x.test/a?ik-s=masked";
    await ledger.accept([], {
      purges: [{ id: "p1", url, maskedUrl, kind: "exact", lines: [1] }],
      lines: [{ line: 1, verdict: "accepted", purgeId: "p1", warnings: [] }],
    });
    expect((await ledger.listPurges({ limit: 5, text: "secret" })).purges).toEqual([]);
    expect((await ledger.listPurges({ limit: 5, text: "ik-s=masked" })).purges).toHaveLength(1);
    await ledger.cancel("p1", { actor: "shop", scope: "own-batches" });
    expect((await ledger.purge("p1")).url).toBe(maskedUrl);
    expect(await backend.raw.get("test:1:purge:p1")).not.toContain("secret");
  });
});

describeOn("redis-server", "a search through many records", (backend) => {
  test("a search looks at 5,000 records a page, and its cursor continues from there", async () => {
    const ledger = testLedger(backend, { quota: 20_000 });
    const names = (from: number) => Array.from({ length: 100 }, (_, i) => `u${from + i}`);
    for (let from = 0; from < 5_100; from += 100) await ledger.accept(names(from));
    const first = await ledger.listPurges({ limit: 10, text: "/u7" });
    expect(first.purges).toHaveLength(10);
    const none = await ledger.listPurges({ limit: 10, text: "/u50." });
    expect(none).toMatchObject({ purges: [], next: {} });
    const rare = await ledger.listPurges({ limit: 10, state: "held" });
    expect(rare.purges).toEqual([]);
    const rest = await ledger.listPurges({ limit: 200, cursor: rare.next });
    expect(rest.purges).toHaveLength(100);
    expect(rest.next).toBeUndefined();
  });
});
