import { expect, test } from "vitest";
import { createIdMaker, idPattern } from "../../src/domain/ids.ts";
import { systemClock } from "../../src/domain/time.ts";

const at = (now: () => number) => ({ ...systemClock, now });
const zeros = (length: number) => new Uint8Array(length);

test("an id is its prefix and 26 characters, the first ten of which are the time", () => {
  const makeId = createIdMaker({ clock: at(() => 1_469_918_176_385), randomBytes: zeros });
  expect(makeId("p")).toBe("p_01aryz6s410000000000000000");
  expect(makeId("b")).toMatch(idPattern("b"));
});

test("ids of one maker sort in the order they were made, also when the clock stands or jumps back", () => {
  const times = [5, 5, 5, 4, 1, 6, 6];
  let call = 0;
  const makeId = createIdMaker({
    clock: at(() => times[call++ % times.length] ?? 0),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const ids = Array.from({ length: 700 }, () => makeId("p"));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(700);
});

test("a millisecond whose ids are used up goes on in the next", () => {
  const makeId = createIdMaker({ clock: at(() => 7), randomBytes: (length) => zeros(length).fill(255) });
  const [last, next] = [makeId("l"), makeId("l")];
  expect(last).toBe("l_0000000007zzzzzzzzzzzzzzzz");
  expect(next > last).toBe(true);
  expect(next.startsWith("l_0000000008")).toBe(true);
});
