import { expect, test } from "vitest";
import { purgeStates } from "../../src/domain/purge.ts";
import { fromBestToWorst, worstState } from "../../src/domain/worst-state.ts";

test("every state has its place, with completed as the best", () => {
  expect([...fromBestToWorst].sort()).toEqual([...purgeStates].sort());
  expect(fromBestToWorst[0]).toBe("completed");
});

test.each(purgeStates.filter((state) => state !== "completed"))(
  "completed purges beside one that is %s do not count as completed",
  (state) => {
    expect(worstState(["completed", state, "completed"])).toBe(state);
    expect(worstState([undefined, state, "completed"])).toBe(state);
  },
);

test("completed is only what is known to be completed as a whole", () => {
  expect(worstState(["completed", "completed"])).toBe("completed");
  expect(worstState(["completed", undefined])).toBeUndefined();
  expect(worstState([undefined])).toBeUndefined();
});
