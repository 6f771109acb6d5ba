import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { compactLua, packLuaPlugin } from "../../src/build/pack-lua.ts";
import { slimRedisPlugin } from "../../src/build/slim-redis.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import { systemClock } from "../../src/time.ts";
import { describeOnEveryRedis, type RedisBackend } from "../support/ledger-backends.ts";
import {
  accepted,
  midNovember,
  policyOfTests,
  refused,
  reservationOf,
  throttled,
  timedOut,
} from "../support/test-ledger.ts";

test.each([
  ["-- a comment\nlocal a = 1", "\nlocal a=1"],
  ["local a = { 1, 2 } -- why", "local a={1,2}"],
  ["if a == b then\n  return  c .. 'x  -- y'\nend\n", "if a==b then\nreturn  c .. 'x  -- y'\nend\n"],
  ["return a - -b, 1 ..c", "return a - -b,1 ..c"],
  ["s = 'it\\'s, so' .. \"a = b\"", "s='it\\'s, so' .. \"a = b\""],
])("%j becomes %j", (source, compact) => {
  expect(compactLua(source)).toBe(compact);
});

test("long brackets are refused, not misread", () => {
  expect(() => compactLua("local a = [[ -- ]]")).toThrow("long brackets");
});

/** The ledger with its scripts compacted as the deployed bundle has them. */
async function bundledLedger(): Promise<typeof createLedger> {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-bundle-"));
  const outfile = join(folder, "ledger.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../../src/ledger/ledger.ts", import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    plugins: [packLuaPlugin, slimRedisPlugin],
  });
  const bundle: { readonly createLedger: typeof createLedger } = await import(pathToFileURL(outfile).href);
  await rm(folder, { recursive: true });
  return bundle.createLedger;
}

/** Takes purges through every script, with ids and time of its own; gives every answer and all that is stored. */
async function story(create: typeof createLedger, backend: RedisBackend) {
  await backend.flush();
  let now = midNovember;
  let count = 0;
  const nextId = (prefix: string) => `${prefix}${++count}`;
  const ledger = create({
    name: "test",
    redis: backend,
    policy: { ...policyOfTests, quota: 6, sendRate: { perSecond: 5, burst: 20 } },
    clock: systemClock,
    makeId: () => nextId("o"),
    now: () => now,
  });
  const answers: unknown[] = [];
  const told = <T>(answer: T): T => {
    answers.push(answer);
    return answer;
  };
  const lease = { token: "first", limit: 5 };
  const names = ["a", "b", "c", "d", "e"];
  const idempotency = { keyHash: "key", bodyHash: "body" };
  const first = told(await ledger.reserve(reservationOf(names, nextId, { lease, idempotency })));
  told(await ledger.reserve(reservationOf(names, nextId, { lease, idempotency })));
  if (first.outcome !== "reserved") throw new Error(first.outcome);
  const results = [accepted("ik1"), refused, timedOut, throttled, accepted("ik2")];
  const settlements = first.leases.flatMap(({ endpoint, purgeId, token }, i) => {
    const result = results[i];
    return endpoint === "send" && result ? [{ endpoint, purgeId, token, result }] : [];
  });
  told(await ledger.advance({ settlements, batchId: first.batch.id }));
  const held = { onExhausted: "hold", lease: { token: "held", limit: 0 } } as const;
  told(await ledger.reserve(reservationOf(["a", "f", "g", "h", "i"], nextId, held)));
  told(await ledger.reserve(reservationOf(["j", "k", "l"], nextId, { lease: { token: "no", limit: 0 } })));
  told(await ledger.plan({ urls: ["https://x.test/a", "https://x.test/z"] }));
  now += 61_000;
  for (const endpoint of ["send", "poll"] as const) {
    const { leases } = told(
      await ledger.advance({ settlements: [], lease: { endpoint, token: endpoint, limit: 9 } }),
    );
    const answered = leases.map((one) =>
      one.endpoint === "poll"
        ? { ...one, result: { outcome: "completed" as const } }
        : { ...one, result: { outcome: "unsent" as const } },
    );
    told(await ledger.advance({ settlements: answered }));
  }
  const { purges } = told(await ledger.listPurges({ text: "X.test", limit: 3 }));
  told(await ledger.listPurges({ state: "held", limit: 100 }));
  for (const { id } of purges) {
    told(await ledger.cancel(id, { actor: "shop", scope: "own-batches" }));
    told(await ledger.resend(id, "admin"));
    told(await ledger.close(id, "admin"));
    told(await ledger.readPurge(id));
  }
  told(await ledger.correct({ external: 2, reason: "dashboard", actor: "admin" }));
  told([await ledger.readBatch(first.batch.id), await ledger.readBudget(), await ledger.health()]);
  return { answers, stored: await contentOf(backend.raw) };
}

/** Every key with its value, in an order that is always the same. */
async function contentOf(raw: Redis) {
  const read = async (key: string): Promise<unknown> => {
    switch (await raw.type(key)) {
      case "string":
        return raw.get(key);
      case "hash":
        return Object.entries(await raw.hgetall(key)).sort();
      case "set":
        return (await raw.smembers(key)).sort();
      case "zset":
        return raw.zrange(key, 0, -1, "WITHSCORES");
      default:
        return raw.lrange(key, 0, -1);
    }
  };
  const keys = (await raw.keys("*")).sort();
  return Promise.all(keys.map(async (key) => [key, await read(key)] as const));
}

describeOnEveryRedis("compacted scripts", (backend) => {
  test("answer and write what the originals do", async () => {
    const original = await story(createLedger, backend);
    const compacted = await story(await bundledLedger(), backend);
    expect(compacted).toEqual(original);
    expect(original.answers.length).toBeGreaterThan(20);
  });
});
