import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RedisFault, RedisRequest } from "../../../src/local/redis/fault.ts";
import { describeOnEveryRedis } from "../../support/ledger-backends.ts";
import { upstashClient } from "../../support/upstash-client.ts";

describeOnEveryRedis("faults at the bridge", (backend) => {
  const increment = () => upstashClient(backend).incr("n");

  test("a lost request fails at the client and was never executed", async () => {
    backend.bridge.setFault(() => "lose-request");
    await expect(increment()).rejects.toThrow();
    expect(await backend.raw.get("n")).toBeNull();
  });

  test("a lost reply fails at the client and was executed exactly once", async () => {
    backend.bridge.setFault(() => "lose-reply");
    await expect(increment()).rejects.toThrow();
    expect(await backend.raw.get("n")).toBe("1");
    expect(backend.bridge.counts().roundTrips).toBe(1);
  });

  test("a status is answered instead of the execution, or after it", async () => {
    backend.bridge.setFault(() => ({ status: 502 }));
    await expect(increment()).rejects.toThrow();
    expect(await backend.raw.get("n")).toBeNull();
    backend.bridge.setFault(() => ({ status: 502, executed: true }));
    await expect(increment()).rejects.toThrow();
    expect(await backend.raw.get("n")).toBe("1");
  });

  test("a slow answer ends the call at its time-out, and is executed nevertheless", async () => {
    const { promise: answered, resolve: answer } = withResolvers();
    const timeOut = new AbortController();
    backend.bridge.setFault(() => ({ replyAfter: answered }));
    const reply = upstashClient(backend, { signal: timeOut.signal }).incr("n");
    while ((await backend.raw.get("n")) === null) await setImmediate();
    timeOut.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    await expect(reply).rejects.toThrow(/timeout/i);
    answer();
    expect(await backend.raw.get("n")).toBe("1");
  });

  test("a request that is held back runs when it is let go", async () => {
    const { promise: letGo, resolve: release } = withResolvers();
    const { promise: arrived, resolve: arrive } = withResolvers();
    backend.bridge.setFault(async (): Promise<RedisFault> => {
      arrive();
      await letGo;
      return "pass";
    });
    const reply = increment();
    await arrived;
    expect(await backend.raw.get("n")).toBeNull();
    release();
    expect(await reply).toBe(1);
  });

  test("a delayed request is executed", async () => {
    backend.bridge.setFault(() => ({ delayMs: 1 }));
    expect(await increment()).toBe(1);
  });

  test("the hook sees the path and the commands, and decides request by request", async () => {
    const seen: RedisRequest[] = [];
    backend.bridge.setFault((request) => {
      seen.push(request);
      return seen.length === 1 ? "lose-reply" : "pass";
    });
    const client = upstashClient(backend);
    await expect(client.set("key", "value")).rejects.toThrow();
    await client.pipeline().get("key").incr("n").exec();
    expect(seen).toEqual([
      { path: "/", commands: [["SET", "key", "value"]] },
      {
        path: "/pipeline",
        commands: [
          ["GET", "key"],
          ["INCR", "n"],
        ],
      },
    ]);
  });

  test("after a fault at the bridge the same client works again", async () => {
    const client = upstashClient(backend);
    for (const fault of ["lose-request", "lose-reply"] as const) {
      backend.bridge.setFault(() => fault);
      await expect(client.get("key")).rejects.toThrow();
      backend.bridge.setFault(undefined);
      expect(await client.get("key")).toBeNull();
    }
  });
});

describeOnEveryRedis("counts at the bridge", (backend) => {
  test("HTTP round trips and commands are counted apart, from the latest reset on", async () => {
    const client = upstashClient(backend);
    expect(backend.bridge.counts()).toEqual({ roundTrips: 0, commands: {} });
    await client.pipeline().incr("a").incr("b").get("a").exec();
    await client.eval("redis.call('SET', KEYS[1], 1) return redis.call('GET', KEYS[1])", ["c"], []);
    expect(backend.bridge.counts()).toEqual({ roundTrips: 2, commands: { INCR: 2, GET: 1, EVAL: 1 } });
    await backend.bridge.resetCounts();
    expect(backend.bridge.counts()).toEqual({ roundTrips: 0, commands: {} });
  });

  test("a redis-server also tells the commands inside scripts; the embedded one says that it cannot", async () => {
    const client = upstashClient(backend);
    await client.eval("redis.call('SET', KEYS[1], 1) return redis.call('GET', KEYS[1])", ["c"], []);
    const expected = backend.kind === "embedded" ? undefined : { EVAL: 1, SET: 1, GET: 1 };
    expect(await backend.bridge.serverCounts()).toEqual(expected);
    await backend.bridge.resetCounts();
    expect(await backend.bridge.serverCounts()).toEqual(expected && {});
  });
});

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let release: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, resolve: () => release() };
}
