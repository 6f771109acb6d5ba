import { expect, test } from "vitest";
import type { ChangeProfile, ChangeProfileReply } from "../../src/ledger/profile-change.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { midNovember, minute, type TestLedger, testLedger } from "../support/test-ledger.ts";

const shop = {
  name: "shop",
  paths: ["/products/"],
  endpoints: ["https://ik.imagekit.io/demo"],
  transformations: ["tr:w-400"],
};
const blog = { ...shop, name: "blog", paths: ["/blog/"], transformations: [] };

const versionOf = ({ profiles }: ChangeProfileReply) => profiles.version;

/** Changes profiles one after the other, each checked against all before it. */
function change(ledger: TestLedger, ...changes: readonly Partial<ChangeProfile>[]) {
  return changes.reduce<Promise<ChangeProfileReply | undefined>>(async (before, next) => {
    const expectedVersion = (await before)?.profiles.version ?? 0;
    return ledger.changeProfile({ name: "shop", expectedVersion, actor: "admin", ...next });
  }, Promise.resolve(undefined));
}

describeLedger("profiles", (backend) => {
  test("a new ledger has no profiles, and version 0", async () => {
    const ledger = testLedger(backend);
    expect(await ledger.readProfiles()).toEqual({ version: 0, profiles: [], history: [] });
    expect(await ledger.prepare({})).toEqual({ outcome: "new", profiles: [] });
  });

  test("a profile is stored with who changed it when, and every change is in the history, newest first", async () => {
    const ledger = testLedger(backend);
    await change(ledger, { profile: shop }, { name: "blog", profile: blog, actor: "anna" });
    ledger.time.now += minute;
    const wider = { ...shop, transformations: ["tr:w-{400,800}"] };
    await ledger.changeProfile({ name: "shop", profile: wider, expectedVersion: 2, actor: "bert" });
    const reply = await ledger.changeProfile({ name: "blog", expectedVersion: 3, actor: "cem" });
    const profiles = [{ ...wider, version: 3, changedAt: midNovember + minute, changedBy: "bert" }];
    expect(reply).toEqual({ outcome: "changed", profiles: { version: 4, profiles } });
    const { history, ...inForce } = await ledger.readProfiles();
    expect(inForce).toEqual(reply.profiles);
    expect(history).toEqual([
      { at: midNovember + minute, actor: "cem", name: "blog", before: blog },
      { at: midNovember + minute, actor: "bert", name: "shop", before: shop, after: wider },
      { at: midNovember, actor: "anna", name: "blog", after: blog },
      { at: midNovember, actor: "admin", name: "shop", after: shop },
    ]);
    expect(await ledger.prepare({})).toEqual({ outcome: "new", profiles });
  });

  test("of two admins who change profiles at once, the later one writes nothing and is told what is in force", async () => {
    const ledger = testLedger(backend);
    const both = await Promise.all(
      [shop, blog].map((profile) =>
        ledger.changeProfile({ name: profile.name, profile, expectedVersion: 0, actor: "admin" }),
      ),
    );
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(["changed", "conflict"]);
    const [changed, conflict] = both.toSorted((one, other) => one.outcome.localeCompare(other.outcome));
    expect(conflict?.profiles).toEqual(changed?.profiles);
    expect((await ledger.readProfiles()).history).toHaveLength(1);
  });

  test("deleting a profile that is not there changes nothing", async () => {
    const ledger = testLedger(backend);
    const before = await change(ledger, { profile: shop });
    expect(await change(ledger, { expectedVersion: 1, name: "blog" })).toEqual(before);
    expect((await ledger.readProfiles()).history).toHaveLength(1);
  });

  test("a change whose reply was lost while another one followed is not made twice", async () => {
    const ledger = testLedger(backend);
    // Redis knows the script from here on.
    await change(ledger, {});
    let calls = 0;
    backend.bridge.setFault(async () => {
      calls += 1;
      if (calls === 1) return "lose-reply";
      // Another admin's change arrives between the two deliveries.
      if (calls === 2) await change(testLedger(backend), { expectedVersion: 1, profile: blog, name: "blog" });
      return "pass";
    });
    const reply = await change(ledger, { profile: shop });
    backend.bridge.setFault(undefined);
    expect(reply?.outcome).toBe("changed");
    expect(await ledger.readProfiles()).toMatchObject({
      version: 2,
      profiles: [{ name: "blog" }, { name: "shop", version: 1 }],
      history: [{ name: "blog" }, { name: "shop" }],
    });
  });

  test("the history keeps the newest 100 changes, and never makes a reply too large", async () => {
    const ledger = testLedger(backend);
    const texts = (id: number) => Array.from({ length: 300 }, (_, i) => `tr:n-${id}-${i}`.padEnd(200, "x"));
    for (let version = 0; version < 102; version++) {
      const transformations = version < 98 ? [`tr:w-${version}`] : texts(version);
      await ledger.changeProfile({
        name: "shop",
        profile: { ...shop, transformations },
        expectedVersion: version,
        actor: "admin",
      });
    }
    expect(await backend.raw.llen("test:1:profile-changes")).toBe(100);
    const { history, version } = await ledger.readProfiles();
    expect(version).toBe(102);
    expect(history.length).toBeGreaterThan(2);
    expect(JSON.stringify(history).length).toBeLessThan(600_000);
  });

  test("profiles do not expire, and changing them costs nothing and opens nothing", async () => {
    const ledger = testLedger(backend);
    expect(
      versionOf(await ledger.changeProfile({ ...shop, profile: shop, expectedVersion: 0, actor: "a" })),
    ).toBe(1);
    expect(await backend.raw.pttl("test:1:profiles")).toBe(-1);
    expect(await ledger.isIdle()).toBe(true);
    expect(await ledger.readBudget()).toMatchObject({ spent: 0, reserved: 0 });
  });

  test("lost profiles are an alarm until they are entered again: images would be planned without them", async () => {
    const ledger = testLedger(backend);
    await ledger.correct({ external: 0, actor: "admin" });
    await change(ledger, { profile: shop }, {});
    await ledger.audit();
    expect(await ledger.alarmCodes(), "a deleted profile is not a lost one").toEqual([]);
    await backend.raw.del("test:1:profiles");
    await ledger.audit();
    const { alarms } = await ledger.health();
    expect(alarms).toMatchObject([
      { code: "ledger-damaged", message: expect.stringContaining("test:1:profiles") },
    ]);
    await change(ledger, { profile: shop });
    await ledger.correct({ external: 0, actor: "admin" });
    await ledger.audit();
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("G6: a known key answers its batch as it is now, whatever the profiles say; with another body it is an error", async () => {
    const ledger = testLedger(backend);
    await change(ledger, { profile: shop });
    const idempotency = { keyHash: "k", bodyHash: "b" };
    expect(await ledger.prepare({ idempotency })).toMatchObject({
      outcome: "new",
      profiles: [{ name: "shop" }],
    });
    const { batch } = await ledger.accept(["a"], { idempotency, wave: 1 });
    await change(ledger, { expectedVersion: 1 });
    const now = await ledger.readBatch(batch.id);
    expect(await ledger.prepare({ idempotency })).toEqual({ outcome: "replayed", batch: now });
    const other = { keyHash: "k", bodyHash: "other" };
    expect(await ledger.prepare({ idempotency: other })).toEqual({ outcome: "key-reused" });
  });
});
