import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { startBridge } from "../../../src/local/redis/bridge.ts";
import { findRedisServer, type RealRedis, startRealRedis } from "../../../src/local/redis/real-redis.ts";
import { describeWith } from "../../support/describe-with.ts";
import { describeOn } from "../../support/ledger-backends.ts";
import { upstashClient } from "../../support/upstash-client.ts";

test("an absent redis-server is found to be absent", () => {
  expect(findRedisServer({ PATH: "/nowhere::/nowhere/else" })).toBeUndefined();
  expect(findRedisServer({})).toBeUndefined();
});

describeWith("redis-server", "a redis-server of our own", () => {
  const started: RealRedis[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.close()));
  });
  const start = async (options: Parameters<typeof startRealRedis>[0] = {}) => {
    const server = await startRealRedis(options);
    started.push(server);
    return server;
  };
  const withClient = async (server: RealRedis) => {
    const bridge = await startBridge({ redis: server.address, token: "token" });
    return { bridge, client: upstashClient(bridge) };
  };

  test("a restarted redis-server keeps the data if it was asked to", async () => {
    const server = await start({ persistence: "append-only" });
    const { bridge, client } = await withClient(server);
    await client.set("key", "value");
    const before = server.pid();
    await server.restart({ data: "kept" });
    await bridge.connected();
    expect(server.pid()).not.toBe(before);
    expect(await client.get("key")).toBe("value");
    await bridge.close();
  });

  test.each(["append-only", "none"] as const)(
    "a restarted redis-server loses the data if it was asked to (%s)",
    async (persistence) => {
      const server = await start({ persistence });
      const { bridge, client } = await withClient(server);
      await client.set("key", "value");
      await server.restart({ data: "lost" });
      await bridge.connected();
      expect(await client.get("key")).toBeNull();
      await bridge.close();
    },
  );

  test("a restarted redis-server cannot keep data that was never written to disk", async () => {
    const server = await start();
    await expect(server.restart({ data: "kept" })).rejects.toThrow(/append-only/);
  });

  test("while redis-server is stopped the bridge answers an error at once, and serves again after a restart", async () => {
    const server = await start();
    const { bridge, client } = await withClient(server);
    await server.stop();
    await expect(client.get("key")).rejects.toThrow(/cannot be reached/);
    await server.restart({ data: "lost" });
    await bridge.connected();
    expect(await client.get("key")).toBeNull();
    await bridge.close();
  });

  test("closing a redis-server leaves neither a process nor a folder behind", async () => {
    const server = await startRealRedis();
    await server.close();
    expect(isAlive(server.pid())).toBe(false);
    expect(existsSync(dirname(server.address))).toBe(false);
  });

  test("a redis-server ends with its parent, even if the parent is killed", async () => {
    const module = new URL("../../../src/local/redis/real-redis.ts", import.meta.url).href;
    const parent = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        "--input-type=module",
        "--eval",
        `const { startRealRedis } = await import(${JSON.stringify(module)});
         const server = await startRealRedis();
         console.log("pid " + server.pid() + " " + server.address);
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const { pid, address } = await readServer(parent);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
    await rm(dirname(address), { recursive: true });
  });
});

test("the bridge refuses to start in front of a Redis that is not there", async () => {
  await expect(startBridge({ redis: "/nowhere/redis.sock", token: "token" })).rejects.toThrow(
    /cannot be reached/,
  );
});

describeOn("embedded", "the embedded Redis", (backend) => {
  test("the embedded Redis answers all commands that are sent together", async () => {
    const client = upstashClient(backend);
    const replies = await Promise.all(Array.from({ length: 50 }, () => client.incr("n")));
    expect(replies.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });
});

async function readServer(child: ChildProcess): Promise<{ readonly pid: number; readonly address: string }> {
  if (child.stdout === null) throw new Error("no output to read");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, pid, address] = /^pid (\d+) (.+)$/.exec(line) ?? [];
    if (pid !== undefined && address !== undefined) return { pid: Number(pid), address };
  }
  throw new Error("the parent ended before its redis-server was up");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
