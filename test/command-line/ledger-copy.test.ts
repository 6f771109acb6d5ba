import { expect, test } from "vitest";
import { exportLedger } from "../../src/command-line/ledger-copy/export-ledger.ts";
import { importLedger, readExport } from "../../src/command-line/ledger-copy/import-ledger.ts";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { type ReadOnly, readOnly } from "../../src/local/inspect/read-only.ts";
import { type Pipeline, pipelineTo } from "../../src/local/redis-pipeline.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { completed, testLedger } from "../support/test-ledger.ts";

describeOnEveryRedis("a ledger's copy", (backend) => {
  /** Purges in several states, and a copy's target in the same Redis, under another name. */
  async function ledgerInUse() {
    const ledger = testLedger(backend, {}, Date.now());
    await ledger.pend("pending.jpg");
    await ledger.send("sending.jpg", { reason: 'grün\u2028 "quoted"' });
    await ledger.pend("completed.jpg");
    ledger.time.now += 6_000;
    for (const poll of await ledger.leaseDue("poll")) await ledger.settle(poll, completed);
    return ledger;
  }
  const read = () => readOnly(backend);
  const textOf = ({ header, records }: Awaited<ReturnType<typeof exportLedger>>) =>
    [header, ...records, { end: records.length }].map((line) => JSON.stringify(line)).join("\n");
  const exported = async () => readExport(textOf(await exportLedger(read(), "test")));
  const importAs = (
    ledger: string,
    from: Awaited<ReturnType<typeof exported>>,
    write = pipelineTo(backend),
  ) => importLedger(from, { read: read(), write, ledger });

  const pairsOf = (value: string | readonly string[]) =>
    [...value].map((text, n) => (n % 2 === 0 ? `${text}: ${value[n + 1]}` : ""));

  /** Every key of a ledger without its name: what it has, and when it expires. */
  async function contentOf(ledger: string) {
    const { records } = await exportLedger(read(), ledger);
    const sorted = records.map(({ expiresAt, value, ...rest }) => ({
      ...rest,
      // Sets and hashes have no order.
      value: rest.type === "set" || rest.type === "hash" ? pairsOf(value).sort() : value,
      expiresAt,
    }));
    return sorted;
  }

  test("an imported ledger has every key of the exported one, with its value and the time at which it expires", async () => {
    await ledgerInUse();
    await importAs("copy", await exported());
    const copy = await contentOf("copy");
    const original = await contentOf("test");
    expect(copy.length).toBeGreaterThan(15);
    expect(copy.filter(({ expiresAt }) => expiresAt !== undefined).length).toBeGreaterThan(3);
    expect(copy.map(({ expiresAt: _, ...rest }) => rest)).toEqual(
      original.map(({ expiresAt: _, ...rest }) => rest),
    );
    for (const [n, { expiresAt }] of copy.entries()) {
      const other = original[n]?.expiresAt;
      if (expiresAt === undefined || other === undefined) expect(expiresAt).toBe(other);
      // Redis tells how long a key has, not when it ends, and between the two readings time passes.
      else expect(Math.abs(expiresAt - other)).toBeLessThan(2_000);
    }
    expect(await backend.raw.exists("copy:importing")).toBe(0);
  });

  test("a sorted set that is longer than one reply is copied whole", async () => {
    const ledger = await ledgerInUse();
    const members = Array.from({ length: 4_500 }, (_, n) => [n + 0.5, `p_${n}`]);
    await backend.raw.zadd("test:1:index", ...members.flat());
    await importAs("copy", await exported());
    expect(await backend.raw.zrange("copy:1:index", 0, -1, "WITHSCORES")).toEqual(
      await backend.raw.zrange("test:1:index", 0, -1, "WITHSCORES"),
    );
    expect(ledger.time.now).toBeGreaterThan(0);
  });

  test("an import is refused while the target has a ledger, and changes nothing there", async () => {
    await ledgerInUse();
    const copy = await exported();
    const before = await contentOf("test");
    await expect(importAs("test", copy)).rejects.toThrow(
      /has \d+ keys of a ledger "test" already\. Nothing was imported\. .* set PURGE_LEDGER to another name/,
    );
    expect((await contentOf("test")).length).toBe(before.length);
    expect(await backend.raw.exists("test:importing")).toBe(0);
  });

  test("an import that was broken off is finished by running it again, and by no other import", async () => {
    await ledgerInUse();
    const [copy, other] = [await exported(), await exported()];
    let calls = 0;
    const breaking: Pipeline = async (commands) => {
      calls += 1;
      const replies = await pipelineTo(backend)(calls === 3 ? commands.slice(0, 5) : commands);
      if (calls === 3) throw new CannotStart("the connection broke");
      return replies;
    };
    await expect(importAs("copy", copy, breaking)).rejects.toThrow("the connection broke");
    // A service that is started on it too early would make a ledger of its own: there is no marker yet.
    expect(await backend.raw.exists("copy:ledger")).toBe(0);
    await expect(importAs("copy", other)).rejects.toThrow("left by another import that did not finish");
    await importAs("copy", copy);
    expect((await contentOf("copy")).map(({ key }) => key)).toEqual(
      (await contentOf("test")).map(({ key }) => key),
    );
  });

  test("a ledger that is written while it is exported is read again, and refused if it never rests", async () => {
    const ledger = await ledgerInUse();
    let scans = 0;
    const whileWritten =
      (times: number): ReadOnly =>
      async (commands) => {
        if (commands[0]?.[0] === "SCAN" && scans++ < times)
          await ledger.submit([`other-${ledger.nextId("o")}.jpg`]);
        return read()(commands);
      };
    const { records } = await exportLedger(whileWritten(1), "test");
    expect(records.some(({ value }) => typeof value === "string" && value.includes("/other-"))).toBe(true);
    scans = 0;
    await expect(exportLedger(whileWritten(9), "test")).rejects.toThrow('The ledger "test" is in use');
  });

  test("a file that was cut off, damaged, or written by something else imports nothing", async () => {
    await ledgerInUse();
    const text = textOf(await exportLedger(read(), "test"));
    const lines = text.split("\n");
    expect(() => readExport(lines.slice(0, -1).join("\n"))).toThrow("cut off");
    expect(() => readExport([...lines.slice(0, 3), ...lines.slice(4)].join("\n"))).toThrow("cut off");
    expect(() => readExport(text.replace(/"type":"zset"/, '"type":"heap"'))).toThrow(
      /Line \d+ of the file is damaged/,
    );
    expect(() => readExport('{"some":"json"}\n')).toThrow("not a ledger that purge-desk export wrote");
    expect(() => readExport("")).toThrow("not a ledger that purge-desk export wrote");
  });

  test("a command that Redis refuses is told in Redis' words", async () => {
    await backend.raw.set("text", "a");
    await expect(pipelineTo(backend)([["SMEMBERS", "text"]])).rejects.toThrow(
      /^Redis refused a command: .*WRONGTYPE/,
    );
  });

  test("of two imports that begin together one goes on, and the other changes nothing", async () => {
    await ledgerInUse();
    const [copy, other] = [await exported(), await exported()];
    // Both have looked before either writes.
    const second: Pipeline = async (commands) => {
      if (commands[0]?.[0] === "SET") await pipelineTo(backend)([["SET", "copy:importing", copy.header.id]]);
      return pipelineTo(backend)(commands);
    };
    await expect(importAs("copy", other, second)).rejects.toThrow("left by another import");
    expect(await backend.raw.get("copy:importing")).toBe(copy.header.id);
    expect(await backend.raw.keys("copy:*")).toEqual(["copy:importing"]);
  });

  test("an import that failed after its marker leaves alone what the service has written since", async () => {
    await ledgerInUse();
    const copy = await exported();
    const breaking: Pipeline = async (commands) => {
      if (commands[0]?.[0] === "DEL" && commands[0]?.[1] === "copy:importing")
        throw new CannotStart("it broke");
      return pipelineTo(backend)(commands);
    };
    await expect(importAs("copy", copy, breaking)).rejects.toThrow("it broke");
    await backend.raw.hset("copy:1:budget", "sequence", "999999");
    await importAs("copy", copy);
    expect(await backend.raw.hget("copy:1:budget", "sequence")).toBe("999999");
    expect(await backend.raw.exists("copy:importing")).toBe(0);
  });

  test("there is nothing to export where no such ledger is", async () => {
    await expect(exportLedger(read(), "nowhere")).rejects.toThrow('There is no ledger "nowhere"');
  });
});
