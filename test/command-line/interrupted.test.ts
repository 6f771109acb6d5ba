// @module-tag slow

import { on } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { accepting } from "../support/app.ts";
import { commandDesk, commandProcess } from "../support/command-desk.ts";
import { runHere } from "../support/run-command.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const time = { now: Date.now() };
const desk = commandDesk({ time });
const command = commandProcess(desk);
const arrived = (count: number) => () =>
  expect.poll(() => desk.served.arrivals.length, { interval: 20 }).toBe(count);
const batchIn = (output: string) => /b_[0-9a-z]{26}/.exec(output)?.[0] ?? "";
/** Settled as soon as the output has this text. */
async function shows(text: string, output: Readable): Promise<void> {
  let seen = "";
  for await (const [bytes] of on(output, "data")) {
    seen += bytes;
    if (seen.includes(text)) return;
  }
}

test("Ctrl-C while it waits says what goes on without it, and the purges do", async () => {
  desk.served.imagekit.answer = accepting("Pending");
  const { code, stderr } = await command.interrupt(["purge", shoe, "--wait"], ({ stderr }) =>
    shows("0 of 1 cleared", stderr),
  );
  expect(code).toBe(130);
  expect(stderr).toContain(`To wait again: npx --no-install purge-desk wait ${batchIn(stderr)}`);
  desk.served.imagekit.answer = accepting();
  time.now += 10_000;
  expect(await desk.run(["wait", batchIn(stderr)])).toMatchObject({ code: 0 });
});

test("Ctrl-C typed on a terminal takes the progress bar away and says how to wait again", async () => {
  desk.served.imagekit.answer = accepting("Pending");
  const { code, stdout } = await command.interruptOnTerminal(["purge", shoe, "--wait"], ({ stdout }) =>
    shows("] 0 of 1 cleared", stdout),
  );
  expect(code).toBe(130);
  expect(stdout).toContain("\r\u001b[KNo longer waiting. The purges go on without this.");
  expect(stdout).toMatch(/To wait again: npx --no-install purge-desk wait b_[0-9a-z]{26}\r\n$/);
});

test.each([["doctor"], ["budget"], ["status"], ["plan", "/shoe.jpg"]])(
  "Ctrl-C ends %s at once, although no answer comes",
  async (...words) => {
    desk.served.fates.push("hang");
    const ran = await command.interrupt(words, arrived(1));
    expect(ran).toEqual({ code: 130, stdout: "", stderr: "Interrupted.\n" });
  },
);

test("Ctrl-C ends a command that reads stdin", async () => {
  // More than the pipe holds: once it is written, somebody reads.
  const reads = ({ stdin }: { readonly stdin: NodeJS.WritableStream }) =>
    new Promise<void>((resolve) => {
      stdin.write(`${shoe}\n`.repeat(50_000), () => resolve());
    });
  const ran = await command.interrupt(["purge", "--json"], reads);
  expect(ran.code).toBe(130);
  expect(JSON.parse(ran.stdout).error).toEqual({ code: "aborted", message: "Interrupted." });
  expect(desk.served.arrivals).toEqual([]);
});

test("Ctrl-C while a purge is submitted gives the key with which it can be run again", async () => {
  desk.served.fates.push("hang");
  const { code, stderr } = await command.interrupt(["purge", shoe], arrived(1));
  expect(code).toBe(130);
  const [, key = ""] = /^Interrupted\.\nRun it again with --key (\S+): nothing/.exec(stderr) ?? [];
  expect(await desk.run(["purge", shoe, "--key", key])).toMatchObject({ code: 0 });
  expect(desk.served.imagekit.purged).toHaveLength(1);
});

test("Ctrl-C ends an import, which the same export then finishes", async () => {
  await desk.run(["purge", shoe]);
  const ledger = desk.ledgerEnv();
  const file = join(desk.folder, "ledger.jsonl");
  expect(await runHere(["export", file], { env: ledger })).toMatchObject({ code: 0 });
  await desk.served.redis.flush();
  let isWriting: () => void = () => undefined;
  const writes = new Promise<void>((resolve) => {
    isWriting = resolve;
  });
  desk.served.redis.bridge.setFault(({ commands }) => {
    if (commands[0]?.[0] !== "DEL") return "pass";
    isWriting();
    return new Promise(() => undefined);
  });
  const { code, stderr } = await command.interrupt(["import", file], () => writes, { env: ledger });
  desk.served.redis.bridge.setFault(undefined);
  expect(code).toBe(130);
  expect(stderr).toBe("Interrupted. Run the import again with the same export: it goes on where it was.\n");
  expect(await runHere(["import", file], { env: ledger })).toMatchObject({ code: 0 });
  expect((await desk.run(["status"])).stdout).toContain(shoe);
});
