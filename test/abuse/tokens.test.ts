import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/domain/sha256.ts";
import { authenticate } from "../../src/http/middleware/require-scope.ts";
import type { TokenEntry } from "../../src/setting-values.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { redisContent } from "../support/redis-content.ts";

const tokenOf = (letter: string) => `pd_${letter.repeat(43)}`;

/** Entries that count how often their hash is read, and how many of its characters. */
async function counting(letters: readonly string[]) {
  const reads = new Map<string, { entry: number; characters: number }>();
  const entries = await Promise.all(
    letters.map(async (letter): Promise<TokenEntry> => {
      const hash = await sha256Hex(tokenOf(letter));
      const count = { entry: 0, characters: 0 };
      reads.set(letter, count);
      const counted = Object.assign(Object(hash), {
        charCodeAt: (index: number) => {
          count.characters += 1;
          return hash.charCodeAt(index);
        },
      });
      return {
        name: `actor-${letter}`,
        scopes: ["read"],
        get sha256() {
          count.entry += 1;
          return counted;
        },
      };
    }),
  );
  return { entries, reads };
}

describe("a token", () => {
  test.each([
    ["the first entry's", "a", "actor-a"],
    ["the last entry's", "d", "actor-d"],
    ["no entry's", "z", undefined],
  ])(
    "a token that is %s is compared with every hash, and with every character of each",
    async (_, letter, expected) => {
      const { entries, reads } = await counting(["a", "b", "c", "d"]);
      const found = await authenticate(`Bearer ${tokenOf(letter)}`, entries);
      expect(found?.name).toBe(expected);
      expect([...reads.values()]).toEqual(
        Array.from({ length: 4 }, () => ({ entry: expect.any(Number), characters: 64 })),
      );
      for (const { entry } of reads.values()) expect(entry).toBeGreaterThan(0);
    },
  );

  test("during a rotation, the old and the new token of one name both work", async () => {
    const entries = await Promise.all(
      ["a", "b"].map(
        async (letter): Promise<TokenEntry> => ({
          name: "shop",
          scopes: ["read"],
          sha256: await sha256Hex(tokenOf(letter)),
        }),
      ),
    );
    for (const letter of ["a", "b"]) {
      expect(await authenticate(`Bearer ${tokenOf(letter)}`, entries)).toMatchObject({ name: "shop" });
    }
    expect(await authenticate(`Bearer ${tokenOf("a")}`, entries.slice(1))).toBeUndefined();
  });
});

describe("stored", () => {
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp();
    desk.imagekit.answer = accepting("Pending");
  });
  afterAll(() => desk.close());

  const submit = (url: string, token: string) =>
    desk.call("/api/purges", {
      method: "POST",
      token,
      json: { urls: [url] },
      headers: { "Idempotency-Key": "a key of my own" },
    });

  test("no token, idempotency key or private key is stored, in the settings or in Redis", async () => {
    await submit("https://ik.imagekit.io/demo/a.jpg", tokens.purge);
    const stored = JSON.stringify(await redisContent(desk.redis.raw));
    expect(stored).toContain("purge-actor");
    const settings = JSON.stringify(desk.services.config.tokens);
    for (const secret of [...Object.values(tokens), "a key of my own", "private_key_of_the_tests"]) {
      expect(stored).not.toContain(secret);
      expect(settings).not.toContain(secret);
    }
  });

  test("another actor cannot cancel a purge, read as its own, or learn its batch by the same key", async () => {
    desk.imagekit.answer = () => Response.json({ message: "expired" }, { status: 401 });
    const mine = await submit("https://ik.imagekit.io/demo/mine.jpg", tokens.other);
    const { id } = mine.body.purges[0];
    const theirs = await desk.call(`/api/purges/${id}/cancel`, { method: "POST", token: tokens.purge });
    expect(theirs).toMatchObject({ status: 403, body: { code: "forbidden", scope: "admin" } });
    expect((await desk.call(`/api/purges/${id}`, { token: tokens.other })).body.state).toBe("queued");
    for (const verb of ["resend", "close"]) {
      const answer = await desk.call(`/api/purges/${id}/${verb}`, { method: "POST", token: tokens.other });
      expect(answer).toMatchObject({ status: 403, body: { scope: "admin" } });
    }
    const sameKey = await submit("https://ik.imagekit.io/demo/other.jpg", tokens.admin);
    expect(sameKey.status).toBe(202);
    expect(sameKey.body.id).not.toBe(mine.body.id);
  });
});
