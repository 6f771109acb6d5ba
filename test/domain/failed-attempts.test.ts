import { describe, expect, test } from "vitest";
import { createFailedAttempts, networkOf } from "../../src/domain/failed-attempts.ts";

const second = 1_000;
const noon = Date.parse("2026-11-15T12:00:00.000Z");
const times = (count: number) => Array.from({ length: count });

function attemptsAt(startsAt = noon) {
  const time = { now: startsAt };
  return { time, ...createFailedAttempts({ now: () => time.now }) };
}

describe("failed attempts", () => {
  test("ten failed attempts at once from an address are let pass, then it is told how long to wait", () => {
    const { time, count } = attemptsAt();
    for (const _ of times(10)) expect(count("192.0.2.1")).toBeUndefined();
    expect(count("192.0.2.1")).toBe(30 * second);
    time.now += 12 * second;
    expect(count("192.0.2.1")).toBe(18 * second);
  });

  test("an address regains one failed attempt every half minute, and at most ten", () => {
    const { time, count } = attemptsAt();
    for (const _ of times(10)) count("192.0.2.1");
    time.now += 30 * second - 1;
    expect(count("192.0.2.1")).toBe(1);
    time.now += 1;
    expect(count("192.0.2.1")).toBeUndefined();
    expect(count("192.0.2.1")).toBe(30 * second);
    time.now += 3_600 * second;
    for (const _ of times(10)) expect(count("192.0.2.1")).toBeUndefined();
    expect(count("192.0.2.1")).toBe(30 * second);
  });

  test("failed attempts beyond the limit make nobody wait longer", () => {
    const { count } = attemptsAt();
    for (const _ of times(1_000)) count("192.0.2.1");
    expect(count("192.0.2.1")).toBe(30 * second);
  });

  test("failed attempts are counted for each address; those without an address together", () => {
    const { count } = attemptsAt();
    for (const _ of times(11)) count("192.0.2.1");
    expect(count("192.0.2.2")).toBeUndefined();
    for (const _ of times(10)) count(undefined);
    expect(count(undefined)).toBe(30 * second);
  });

  test("failed attempts from all addresses of one /64 are counted together", () => {
    const { count } = attemptsAt();
    for (const [index] of times(10).entries()) count(`2001:db8:1:2::${index}`);
    expect(count("2001:db8:1:2:ffff::1")).toBe(30 * second);
    expect(count("2001:db8:1:3::1")).toBeUndefined();
  });

  test("failed attempts are kept for the latest thousand addresses", () => {
    const { count } = attemptsAt();
    const fail = (address: string) => times(11).map(() => count(address));
    fail("192.0.2.1");
    fail("192.0.2.2");
    for (const [index] of times(998).entries()) count(`stranger ${index}`);
    expect(count("192.0.2.1")).toBe(30 * second);
    count("one more");
    expect(count("192.0.2.1")).toBe(30 * second);
    expect(count("192.0.2.2")).toBeUndefined();
  });

  test("after the clock is set back, failed attempts keep nobody waiting longer than ten just now would", () => {
    const { time, count } = attemptsAt();
    for (const _ of times(10)) count("192.0.2.1");
    time.now -= 3_600 * second;
    expect(count("192.0.2.1")).toBe(30 * second);
  });
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:0DB8:0000:0000:1:2:3:4", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3::", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["", ""],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
