import { expect, test } from "vitest";
import { PurgeDeskError, purgeDesk } from "../../src/client/client.ts";
import { fetchThatTells } from "../../src/command-line/fetch-that-tells.ts";

const url = "http://127.0.0.1:1";

function listening(isTTY: boolean) {
  const said: unknown[] = [];
  const stream = { isTTY, write: (text: unknown) => said.push(text) > 0 };
  return { said, stream };
}

test.each([
  [
    "on a terminal, once",
    true,
    ["\r\u001b[KNo answer from http://127.0.0.1:1 yet; trying again (Ctrl-C ends it).\n"],
  ],
  ["not into a file", false, []],
])("that no answer comes is said %s, before the client gives up", async (_, isTTY, expected) => {
  const { said, stream } = listening(isTTY);
  const desk = purgeDesk({ url, token: "pd_x", retryForMs: 2_000, fetch: fetchThatTells(stream) });
  await expect(desk.budget()).rejects.toThrow(PurgeDeskError);
  expect(said).toEqual(expected);
});

test("a try that is the last one is not said to be made again", async () => {
  const { said, stream } = listening(true);
  const desk = purgeDesk({ url, token: "pd_x", retryForMs: 0, fetch: fetchThatTells(stream) });
  await expect(desk.budget()).rejects.toThrow(PurgeDeskError);
  await expect(desk.wait("b_x", { timeoutMs: 0 })).rejects.toThrow(PurgeDeskError);
  expect(said).toEqual([]);
});

test("what Ctrl-C ends is not said to be tried again", async () => {
  const { said, stream } = listening(true);
  const interrupt = new AbortController();
  const fetch = fetchThatTells(stream, () => {
    interrupt.abort();
    return Promise.reject(new TypeError("fetch failed"));
  });
  const { signal } = interrupt;
  await expect(purgeDesk({ url, token: "pd_x", fetch }).budget({ signal })).rejects.toThrow("aborted");
  expect(said).toEqual([]);
});
