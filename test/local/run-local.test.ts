import { afterEach, describe, expect, test } from "vitest";
import type { Environment } from "../../src/config.ts";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { listen } from "../../src/local/listen.ts";
import { startRealRedis } from "../../src/local/redis/real-redis.ts";
import { type LocalRun, runLocal } from "../../src/local/run-local.ts";
import { describeWith } from "../support/describe-with.ts";
import { upstashClient } from "../support/upstash-client.ts";

const running: LocalRun[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((run) => run.close()));
});

/** Runs with a service that answers its own settings, and an ImageKit that only has an address. */
async function start(env: Environment) {
  const seen = { imagekit: "never started" };
  let settings: Environment = {};
  const run = await runLocal({
    env: { PORT: "0", ...env },
    onError: (error) => expect.fail(String(error)),
    startImageKit: async () => {
      seen.imagekit = "running";
      const close = async () => {
        seen.imagekit = "closed";
      };
      return { url: "http://127.0.0.1:1", privateKey: "private_simulated", close };
    },
    compose: (complete) => {
      settings = complete;
      return {
        fetch: () => Response.json({ ok: true }),
        sweep: async () => undefined,
        signInPath: "/sign-in/code",
      };
    },
  });
  running.push(run);
  return { run, settings, seen };
}

const redisOf = ({ UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" }: Environment) =>
  upstashClient({ url, token });

test("with nothing configured the app gets a working ledger, a simulated ImageKit, a token and a secret", async () => {
  const { run, settings, seen } = await start({});
  expect(await (await fetch(run.url)).json()).toEqual({ ok: true });
  expect(settings).toMatchObject({
    IMAGEKIT_API_BASE_URL: "http://127.0.0.1:1",
    IMAGEKIT_PRIVATE_KEY: "private_simulated",
    PURGE_TOKENS: expect.stringMatching(
      /^local:admin:\w{64},storefront:purge:\w{64},cms:purge\+wildcard:\w{64}$/,
    ),
    PURGE_SESSION_SECRET: expect.stringMatching(/^.{43}$/),
  });
  expect(await redisOf(settings).eval("return redis.call('INCR', KEYS[1])", ["n"], [])).toBe(1);
  expect(seen.imagekit).toBe("running");
  expect(run.announcement).toContain(run.url);
});

test("closing ends the app, the simulated ImageKit and the ledger", async () => {
  const { run, settings, seen } = await start({});
  await run.close();
  await expect(fetch(run.url)).rejects.toThrow();
  await expect(redisOf(settings).get("n")).rejects.toThrow();
  expect(seen.imagekit).toBe("closed");
});

test("what is set is taken, and no part is started in its place", async () => {
  const { settings: ledger } = await start({});
  const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN } = ledger;
  const given = {
    IMAGEKIT_PRIVATE_KEY: "private_mine",
    IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/mine",
    UPSTASH_REDIS_REST_URL,
    UPSTASH_REDIS_REST_TOKEN,
    PURGE_TOKENS: `me:admin:${"0".repeat(64)}`,
    PURGE_SESSION_SECRET: "mine-and-of-thirty-two-characters",
  };
  const { run, settings, seen } = await start(given);
  expect(settings).toMatchObject(given);
  expect(settings).not.toHaveProperty("IMAGEKIT_API_BASE_URL");
  expect(seen.imagekit).toBe("never started");
  expect(run.announcement).toContain("LIVE");
  // The other commands find the credentials where this run found them.
  for (const secret of ["private_mine", UPSTASH_REDIS_REST_TOKEN, given.PURGE_SESSION_SECRET]) {
    expect(JSON.stringify(run.instance)).not.toContain(secret);
  }
});

describeWith("redis-server", "with a redis-server", () => {
  test("the Redis of REDIS_URL is served through a bridge, and outlives the run", async () => {
    const server = await startRealRedis();
    for (const count of [1, 2]) {
      const { run, settings } = await start({ REDIS_URL: server.address });
      expect(await redisOf(settings).incr("n")).toBe(count);
      await run.close();
    }
    await server.close();
  });
});

describe("what cannot start says so in one message and leaves nothing running", () => {
  const nothing = async () => expect.fail("nothing may be started");

  test("a half-set configuration lists every problem before anything is started", async () => {
    const env = { PORT: "x", UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" };
    const run = runLocal({ env, compose: () => expect.fail(), startImageKit: nothing, onError: nothing });
    await expect(run).rejects.toThrow(CannotStart);
    await expect(run).rejects.toThrow(/UPSTASH_REDIS_REST_TOKEN.*PORT/s);
  });

  test("a misspelt name is mentioned beside the problem that it causes", async () => {
    const env = {
      IMAGEKIT_PRIVATE_KEY: "private_mine",
      IMAGEKIT_URL_ENDPOINT: "https://ik.imagekit.io/mine",
    };
    const run = runLocal({ env, compose: () => expect.fail(), startImageKit: nothing, onError: nothing });
    await expect(run).rejects.toThrow(
      /URL_ENDPOINTS: is not set.*IMAGEKIT_URL_ENDPOINT: is not a setting and has no effect. Did you mean IMAGEKIT_URL_ENDPOINTS?/s,
    );
  });

  test("an Upstash that cannot be reached ends npm start with one message", async () => {
    const env = { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1", UPSTASH_REDIS_REST_TOKEN: "mine" };
    const run = runLocal({ env, compose: () => expect.fail(), startImageKit: nothing, onError: nothing });
    await expect(run).rejects.toThrow(CannotStart);
    await expect(run).rejects.toThrow(/^UPSTASH_REDIS_REST_URL: no Upstash Redis can be reached/);
  });

  test("a Redis that cannot be reached ends npm start with one message", async () => {
    const env = { REDIS_URL: "/nowhere/redis.sock" };
    const run = runLocal({ env, compose: () => expect.fail(), startImageKit: nothing, onError: nothing });
    await expect(run).rejects.toThrow(CannotStart);
    await expect(run).rejects.toThrow(/^REDIS_URL/);
  });

  test.each(["the app finds its settings wrong", "the port is in use"])(
    "npm start that fails because %s closes everything that it has started",
    async (why) => {
      const other = await listen({ fetch: () => new Response(), port: 0, onError: nothing });
      const closed: string[] = [];
      let redis: Environment = {};
      const run = runLocal({
        env: { PORT: new URL(other.url).port },
        onError: nothing,
        startImageKit: async () => ({
          url: "http://127.0.0.1:1",
          privateKey: "private_simulated",
          close: async () => void closed.push("imagekit"),
        }),
        compose: (settings) => {
          redis = settings;
          return why === "the port is in use"
            ? { fetch: () => new Response(), sweep: async () => undefined, signInPath: "/sign-in/code" }
            : { problems: ["PURGE_MONTHLY_QUOTA: must be a number"] };
        },
      });
      await expect(run).rejects.toThrow(CannotStart);
      await expect(run).rejects.toThrow(why === "the port is in use" ? /is in use/ : /PURGE_MONTHLY_QUOTA/);
      expect(closed).toEqual(["imagekit"]);
      await expect(redisOf(redis).get("n")).rejects.toThrow();
      await other.close();
    },
  );
});
