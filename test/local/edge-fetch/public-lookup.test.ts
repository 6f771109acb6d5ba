import { expect, test } from "vitest";
import { publicLookup } from "../../../src/local/edge-fetch/public-lookup.ts";

type Options = Parameters<ReturnType<typeof publicLookup>>[1];

/** Looks a name up as a connection does: what the callback got. */
const lookUp = (lookup: ReturnType<typeof publicLookup>, options: Options) =>
  new Promise((resolve, reject) =>
    lookup("images.shop.example", options, (error, ...found) => (error ? reject(error) : resolve(found))),
  );

test("a connection that may use several addresses gets all of both kinds", async () => {
  const lookup = publicLookup({ resolve: async () => ["143.204.10.1", "2600:9000::1"] });
  expect(await lookUp(lookup, { all: true })).toEqual([
    [
      { address: "143.204.10.1", family: 4 },
      { address: "2600:9000::1", family: 6 },
    ],
  ]);
});

test("a connection that uses one address gets the first", async () => {
  const lookup = publicLookup({ resolve: async () => ["2600:9000::1", "143.204.10.1"] });
  expect(await lookUp(lookup, {})).toEqual(["2600:9000::1", 6]);
});

test("what a name resolved to is believed for 30 s, failures and private addresses too", async () => {
  let nowMs = 0;
  let looks = 0;
  const answers: readonly (readonly string[])[] = [[], ["10.0.0.5"], ["8.8.8.8"], ["10.0.0.5"]];
  const lookup = publicLookup({
    resolve: async () => {
      const found = answers[looks] ?? [];
      looks += 1;
      if (looks === 1) throw new Error("no such name");
      return found;
    },
    clock: { monotonicMs: () => nowMs },
  });
  const twice = async () => {
    const first = lookUp(lookup, {}).catch((error) => error.message);
    nowMs += 29_999;
    const second = lookUp(lookup, {}).catch((error) => error.message);
    nowMs += 1;
    return [await first, await second];
  };
  expect(await twice()).toEqual(["no such name", "no such name"]);
  const refusal = "its host has the address 10.0.0.5, which is not public";
  expect(await twice()).toEqual([refusal, refusal]);
  expect(await twice()).toEqual([
    ["8.8.8.8", 4],
    ["8.8.8.8", 4],
  ]);
  expect(await twice()).toEqual([refusal, refusal]);
});
