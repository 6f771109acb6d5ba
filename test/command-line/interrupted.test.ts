// @module-tag slow

import { on } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, tokens } from "../support/app.ts";
import { type BuiltCommand, buildCommand } from "../support/run-command.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const time = { now: Date.now() };
let served: ServedDesk;
let command: BuiltCommand;

beforeAll(async () => {
  [served, command] = await Promise.all([serveDesk({ time }), buildCommand()]);
});
beforeEach(() => served.reset());
afterAll(async () => {
  await served?.close();
  await command?.remove();
});

const env = () => ({ PURGE_DESK_URL: served.url, PURGE_DESK_TOKEN: tokens.purge });
const arrived = (count: number) => () =>
  expect.poll(() => served.arrivals.length, { interval: 20 }).toBe(count);
const batchIn = (output: string) => /b_[0-9a-z]{26}/.exec(output)?.[0] ?? "";

test("Ctrl-C while it waits says what goes on without it, and the purges do", async () => {
  served.imagekit.answer = accepting("Pending");
  const waits = async ({ stderr }: { readonly stderr: Readable }) => {
    let seen = "";
    for await (const [bytes] of on(stderr, "data")) {
      seen += bytes;
      if (seen.includes("0 of 1 cleared")) return;
    }
  };
  const { code, stderr } = await command.interrupt(["purge", shoe, "--wait"], waits, env());
  expect(code).toBe(130);
  expect(stderr).toContain(`To wait again: purge-desk wait ${batchIn(stderr)}`);
  served.imagekit.answer = accepting();
  time.now += 10_000;
  expect(await command.run(["wait", batchIn(stderr)], { env: env() })).toMatchObject({ code: 0 });
});

test.each([["doctor"], ["budget"], ["status"], ["plan", "/shoe.jpg"]])(
  "Ctrl-C ends %s at once, although no answer comes",
  async (...words) => {
    served.fates.push("hang");
    const ran = await command.interrupt(words, arrived(1), env());
    expect(ran).toEqual({ code: 130, stdout: "", stderr: "Interrupted.\n" });
  },
);

test("Ctrl-C ends a command that reads stdin", async () => {
  // More than the pipe holds: once it is written, somebody reads.
  const reads = ({ stdin }: { readonly stdin: NodeJS.WritableStream }) =>
    new Promise<void>((resolve) => {
      stdin.write(`${shoe}\n`.repeat(50_000), () => resolve());
    });
  const ran = await command.interrupt(["purge", "--json"], reads, env());
  expect(ran.code).toBe(130);
  expect(JSON.parse(ran.stdout).error).toEqual({ code: "aborted", message: "Interrupted." });
  expect(served.arrivals).toEqual([]);
});

test("Ctrl-C while a purge is submitted gives the key with which it can be run again", async () => {
  served.fates.push("hang");
  const { code, stderr } = await command.interrupt(["purge", shoe], arrived(1), env());
  expect(code).toBe(130);
  const [, key = ""] = /^Interrupted\.\nRun it again with --key (\S+): nothing/.exec(stderr) ?? [];
  expect(await command.run(["purge", shoe, "--key", key], { env: env() })).toMatchObject({ code: 0 });
  expect(served.imagekit.purged).toHaveLength(1);
});

test("Ctrl-C ends an import, which the same export then finishes", async () => {
  await command.run(["purge", shoe], { env: env() });
  const ledger = {
    UPSTASH_REDIS_REST_URL: served.redis.url,
    UPSTASH_REDIS_REST_TOKEN: served.redis.token,
    IMAGEKIT_API_BASE_URL: "http://imagekit.test",
  };
  const file = join(command.folder, "ledger.jsonl");
  expect(await command.run(["export", file], { env: ledger })).toMatchObject({ code: 0 });
  await served.redis.flush();
  let isWriting: () => void = () => undefined;
  const writes = new Promise<void>((resolve) => {
    isWriting = resolve;
  });
  served.redis.bridge.setFault(({ commands }) => {
    if (commands[0]?.[0] !== "DEL") return "pass";
    isWriting();
    return new Promise(() => undefined);
  });
  const { code, stderr } = await command.interrupt(["import", file], () => writes, ledger);
  served.redis.bridge.setFault(undefined);
  expect(code).toBe(130);
  expect(stderr).toBe("Interrupted. Run the import again with the same export: it goes on where it was.\n");
  expect(await command.run(["import", file], { env: ledger })).toMatchObject({ code: 0 });
  expect((await command.run(["status"], { env: env() })).stdout).toContain(shoe);
});
