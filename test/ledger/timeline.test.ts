import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { seen } from "../support/edge-readings.ts";
import {
  accepted,
  hour,
  midNovember,
  minute,
  second,
  type TestLedger,
  testLedger,
  throttled,
  timedOut,
  unexpected,
  unreachable,
  unsent,
} from "../support/test-ledger.ts";

const notesOf = async (ledger: TestLedger, id: string) =>
  (await ledger.purge(id)).timeline.map(({ note }) => note);

describeLedger("a purge's timeline", (backend) => {
  test("G4: however many joins by a stranger's token are one entry in the timeline, and push nothing out", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    const before = await notesOf(ledger, lease.purgeId);
    for (let i = 0; i < 60; i++) {
      ledger.time.now += second;
      await ledger.accept(["a"], { actor: "stranger", changedAt: midNovember });
    }
    const last = await ledger.accept(["a"], { actor: "cms", changedAt: midNovember });
    const { timeline } = await ledger.purge(lease.purgeId);
    expect(timeline.map(({ note }) => note)).toEqual([
      ...before,
      `Joined by batch ${last.batch.id} at no cost. 61 times so far.`,
    ]);
    expect(timeline.at(-1)).toMatchObject({ at: ledger.time.now, by: "cms", state: "sending" });
  });

  test("joins and cancellations in turns are two entries in the timeline", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    const [id = ""] = ids;
    for (let i = 0; i < 30; i++) {
      await ledger.accept(["a"], { actor: "stranger" });
      await ledger.cancel(id, { actor: "stranger", scope: "own-batches" });
    }
    expect((await ledger.purge(id)).timeline).toHaveLength(3);
    expect((await notesOf(ledger, id)).at(-1)).toBe(
      "A batch no longer waits for it; another one does. 30 times so far.",
    );
  });

  test("G4: requests that end the alarm of a stale purge and are cancelled, in turns, are two entries and push nothing out", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    ledger.time.now += 5 * second;
    const [check] = await ledger.leaseDue("check");
    await ledger.settle(check, seen("stale", ledger.time.now));
    const before = await notesOf(ledger, id);
    for (let i = 0; i < 30; i++) {
      const again = await ledger.accept(["a"], { actor: "stranger" });
      await ledger.cancel(again.ids[0] ?? "", { actor: "stranger", scope: "own-batches" });
    }
    const notes = await notesOf(ledger, id);
    expect(notes.slice(0, before.length)).toEqual(before);
    expect(notes.slice(before.length)).toEqual([
      expect.stringMatching(/^Batch \S+ purges it again, so its alarm ended\. 30 times so far\.$/),
      "The purge that followed did not complete, so the alarm began again. 30 times so far.",
    ]);
  });

  test("a timeline counts a repeated back-off, and keeps what was sent, answered and charged", async () => {
    const ledger = testLedger(backend);
    let lease = await ledger.send("a");
    const id = lease.purgeId;
    const again = async (pauseMs: number) => {
      ledger.time.now += pauseMs;
      const [next] = await ledger.leaseDue("send");
      if (next?.lane !== "send") throw new Error("not leased");
      lease = next;
    };
    for (let i = 0; i < 30; i++) {
      await ledger.settle(lease, throttled);
      await again(minute);
    }
    await ledger.settle(lease, timedOut);
    await again(minute);
    for (let i = 0; i < 30; i++) {
      // Each time in other words, as an error page with an id in it would be.
      await ledger.settle(lease, i % 2 ? { ...unexpected, message: `try ${i}` } : unreachable);
      await again(hour);
    }
    await ledger.settle(lease, unsent);
    await again(0);
    await ledger.settle(lease, accepted("ik1"));
    expect(await notesOf(ledger, id)).toEqual([
      "Accepted; one unit is set aside for it.",
      "ImageKit asked to slow down (429); it is sent again. 30 times so far.",
      "Sent to ImageKit. 31 times so far.",
      "No usable answer came (no answer within 15 s): ImageKit may or may not have it.",
      "Still unknown after the pause: it is sent once more, for a second unit.",
      "ImageKit could not be reached (connection refused); it is tried again. 15 times so far.",
      expect.stringMatching(/^ImageKit gave an undocumented answer \(402: try 29\).* 15 times so far\.$/),
      "Not sent yet: no time was left, or ImageKit asked for a pause. It is sent next.",
      "Sent to ImageKit once more. 32 times so far.",
      "ImageKit accepted it.",
    ]);
  });

  test("a timeline counts many late answers, and loses nothing for them", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    const [id = ""] = ids;
    for (let i = 0; i < 30; i++) {
      const [lease] = await ledger.leaseDue("send");
      ledger.time.now += minute;
      await ledger.leaseDue("send", 0);
      // Late, and then once more under a token that nobody knows any more.
      await ledger.settle(lease, throttled);
      await ledger.settle(lease && { ...lease, token: `${lease.token}-other` }, throttled);
      // Longer than any pause that lost answers and 429 lead to.
      ledger.time.now += 16 * minute;
    }
    const notes = await notesOf(ledger, id);
    expect(notes).toHaveLength(5);
    expect(notes[0]).toBe("Accepted; one unit is set aside for it.");
    for (const note of notes.slice(1)) expect(note).toContain("30 times so far.");
  });

  test("an entry moved in the timeline keeps the order of time", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    ledger.time.now += second;
    await ledger.accept(["a"], { changedAt: midNovember - second });
    ledger.time.now += second;
    await ledger.settle(lease, accepted("ik1"));
    ledger.time.now += second;
    await ledger.accept(["a"], { changedAt: midNovember - second });
    const { timeline } = await ledger.purge(lease.purgeId);
    expect(timeline.map(({ state }) => state)).toEqual(["queued", "sending", "pending", "pending"]);
    expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test("a timeline has at most 50 entries, the first among them", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    const key = `test:1:purge:${ids[0]}`;
    const record = JSON.parse((await backend.raw.get(key)) ?? "");
    const [first] = record.timeline;
    record.timeline = [first, ...Array.from({ length: 49 }, (_, i) => ({ ...first, note: `entry ${i}` }))];
    await backend.raw.set(key, JSON.stringify(record));
    await ledger.leaseDue("send");
    const notes = await notesOf(ledger, ids[0] ?? "");
    expect(notes).toHaveLength(50);
    expect([notes[0], notes[1], notes.at(-1)]).toEqual([first.note, "entry 1", "Sent to ImageKit."]);
  });
});
