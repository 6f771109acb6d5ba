import { expect, test } from "vitest";
import { PurgeDeskError, purgeDesk } from "../../src/client/client.ts";
import { fetchThatTells } from "../../src/command-line/fetch-that-tells.ts";

test.each([
  [
    "on a terminal, once",
    true,
    ["\r\u001b[KNo answer from http://127.0.0.1:1 yet; trying again (Ctrl-C ends it).\n"],
  ],
  ["not into a file", false, []],
])("that no answer comes is said %s, before the client gives up", async (_, isTTY, expected) => {
  const said: unknown[] = [];
  const stream = { isTTY, write: (text: unknown) => said.push(text) > 0 };
  const fetch = fetchThatTells(stream);
  const desk = purgeDesk({ url: "http://127.0.0.1:1", token: "pd_x", retryForMs: 400, fetch });
  await expect(desk.budget()).rejects.toThrow(PurgeDeskError);
  expect(said).toEqual(expected);
});
