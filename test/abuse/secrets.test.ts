import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { descriptions } from "../../src/build/openapi.ts";
import { runSweep } from "../../src/http/run-sweep.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";
import { redisContent } from "../support/redis-content.ts";
import { midNovember, minute } from "../support/test-ledger.ts";

const signature = "0123456789abcdef-signature";
const expiry = "1912345678";
const signedUrl = `https://ik.imagekit.io/demo/secret/shoe.jpg?ik-t=${expiry}&ik-s=${signature}`;
/** Its transformation is in no profile, so the URL becomes a target as it was given. */
const signedImage = signedUrl.replace("/secret/", "/tr:w-77/secret/");
/** Secrets that no pattern would recognise by their shape. */
const env = {
  IMAGEKIT_PRIVATE_KEY: "odd-Key_of+shop/9",
  UPSTASH_REDIS_REST_TOKEN: "odd+Upstash/token9",
  PURGE_SESSION_SECRET: "a session secret of forty characters....",
};
const basic = Buffer.from(`${env.IMAGEKIT_PRIVATE_KEY}:`).toString("base64");
const secrets = [...Object.values(env), basic, signature, expiry, ...Object.values(tokens)];

/** Calls every route, with signed URLs and secrets wherever a caller can put them, and sweeps; returns all answers and log lines. */
async function everythingSaid(
  desk: TestApp,
): Promise<{ readonly text: string; readonly statuses: readonly number[] }> {
  const submit = {
    method: "POST",
    token: tokens.admin,
    json: { urls: [signedUrl], images: [signedImage], reason: `why: ${signedUrl}` },
  };
  const profile = { paths: [signedUrl], endpoints: [signedUrl], transformations: [`tr:${signedUrl}`] };
  const batch = await desk.call("/api/purges", submit);
  const ids = { p: batch.body.purges?.[0]?.id, b: batch.body.id };
  const answers = [batch];
  for (const { route, body } of descriptions) {
    const kind = route.path.includes("/batches/") ? "b" : "p";
    const path = route.path
      .replace(":requestId", "0".repeat(24))
      .replace(":id", ids[kind] ?? `${kind}_01kaq3h8x0fj7m2k9t4v6w8y0z`);
    const inits = {
      Correction: { json: { external: 1, reason: signedUrl } },
      Profile: { json: profile },
      Text: {
        body: `${signedUrl} ${signedImage} <a href="https://elsewhere.example/${signedUrl}">`,
        type: "text/plain",
      },
      PlanRequest: submit,
      PurgeRequest: submit,
      ImageKitPurge: { json: { url: signedUrl } },
    };
    const init = body === undefined ? {} : inits[body.schema];
    answers.push(await desk.call(path, { ...init, method: route.method.toUpperCase(), token: tokens.admin }));
  }
  await runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), {});
  await Promise.all(desk.background);
  const text = [...answers.map(({ text }) => text), ...desk.logged].join("\n");
  return { text, statuses: answers.map(({ status }) => status) };
}

function expectNoSecret(text: string) {
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/evalsha|redis\.call|"families"/i);
}

type Failure = { readonly what: string; readonly answer: (request: Request) => Response | Promise<Response> };
const quoting = async (request: Request) =>
  `We got ${request.method} ${await request.text()} with ${request.headers.get("authorization")} (key ${env.IMAGEKIT_PRIVATE_KEY}) for ${signedUrl}`;
const saying = (status: number) => async (request: Request) =>
  Response.json({ message: await quoting(request) }, { status });
const failures: readonly Failure[] = [
  ...[200, 302, 400, 401, 403, 409, 429, 500].map((status) => ({
    what: `${status} in JSON`,
    answer: saying(status),
  })),
  {
    what: "HTML",
    answer: async (request) => new Response(`<h1>${await quoting(request)}</h1>`, { status: 502 }),
  },
  {
    what: "an id that quotes",
    answer: async (request) => Response.json({ requestId: await quoting(request) }, { status: 201 }),
  },
  {
    what: "nothing, and the network's error quotes it",
    answer: async (request) => {
      throw new TypeError(await quoting(request), {
        cause: new Error(`connect to ${signedUrl} as ${basic}`),
      });
    },
  },
];

describe("an ImageKit that quotes what it got", () => {
  test.each(failures)(
    "an ImageKit that repeats its request, with $what, puts no secret into an answer or the log",
    async ({ answer }) => {
      const { UPSTASH_REDIS_REST_TOKEN: _, ...own } = env;
      const desk = await startApp({ env: own, clock: hurriedClock() });
      desk.imagekit.answer = answer;
      const { text } = await everythingSaid(desk);
      expect(desk.imagekit.purged.join()).toContain(signature);
      expectNoSecret(text);
      await desk.close();
    },
  );
});

test("once a batch has ended, Redis holds no signature of its lines, skipped and covered ones included", async () => {
  const time = { now: midNovember };
  const desk = await startApp({ time });
  desk.imagekit.answer = accepting("Completed");
  const query = new URL(signedUrl).search;
  const submit = {
    urls: [
      `https://ik.imagekit.io/demo/boot.jpg${query}`,
      "https://ik.imagekit.io/demo/secret/shoe.jpg*",
      signedUrl,
      `https://elsewhere.example/shoe.jpg${query}`,
    ],
    images: [
      signedImage.replace("shoe", "hat"),
      `https://elsewhere.example/bag.jpg${query}`,
      signedImage.replace("shoe", "hat"),
    ],
    onInvalid: "skip",
    reason: `why: ${signedUrl}`,
  };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.admin, json: submit });
  const verdicts = body.lines.map(({ verdict }: { readonly verdict: string }) => verdict);
  expect(verdicts).toEqual(["accepted", "accepted", "covered", "rejected", "image", "rejected", "image"]);
  // What is open keeps the URL that ImageKit is sent.
  expect(JSON.stringify(await redisContent(desk.redis.raw))).toContain(signature);
  time.now += minute;
  const ended = await desk.call(`/api/batches/${body.id}`, { token: tokens.read });
  expect(ended.body.done).toBe(true);
  // A lease's reply is kept for two minutes, in case it was lost.
  for (const reply of await desk.redis.raw.keys("sandbox:1:lease:*")) {
    expect(await desk.redis.raw.pttl(reply)).toBeLessThanOrEqual(2 * minute);
    await desk.redis.raw.del(reply);
  }
  const stored = JSON.stringify(await redisContent(desk.redis.raw));
  expect(stored).toContain("elsewhere.example");
  expect(stored).not.toContain(signature);
  expect(stored).not.toContain(expiry);
  await desk.close();
});

describe("a Redis that fails", () => {
  test("a Redis key of the wrong type causes 500s without details, and the log names the fault", async () => {
    const desk = await startApp();
    await desk.redis.raw.set("sandbox:1:budget", "not a hash");
    const { text, statuses } = await everythingSaid(desk);
    expect(statuses).toContain(500);
    expect(text).toContain("WRONGTYPE");
    expectNoSecret(text);
    await desk.close();
  });

  test.each([["lose-request"], ["lose-reply"]] as const)(
    "a Redis that fails by %s causes 503s, and no command is in an answer or the log",
    async (fault) => {
      const desk = await startApp({ clock: hurriedClock() });
      desk.redis.bridge.setFault(() => fault);
      const { text, statuses } = await everythingSaid(desk);
      expect(statuses).toContain(503);
      expectNoSecret(text);
      await desk.close();
    },
  );

  describe("and quotes command and credentials", () => {
    let answerTo = (_heard: string): { readonly status: number; readonly body: string } => ({
      status: 400,
      body: "",
    });
    const server = createServer((request, response) => {
      let heard = `${request.headers.authorization} `;
      request.on("data", (chunk) => {
        heard += chunk;
      });
      request.on("end", () => {
        const { status, body } = answerTo(heard);
        response.writeHead(status, { "Content-Type": "application/json" }).end(body);
      });
    });
    let url = "";
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
    });
    afterAll(() => server.close());

    test.each<[string, number, (heard: string) => string]>([
      [
        "an error",
        400,
        (heard) => JSON.stringify({ error: `ERR Error running script, command was: ${heard}` }),
      ],
      [
        "an unknown command",
        400,
        (heard) => JSON.stringify({ error: `ERR unknown command, with args beginning with: ${heard}` }),
      ],
      ["a refusal", 401, (heard) => JSON.stringify({ error: `Unauthorized, command was: ${heard}` })],
      ["a body that is not JSON", 500, (heard) => `<html>${heard}</html>`],
      ["a reply of the wrong type", 200, (heard) => JSON.stringify({ result: heard })],
    ])(
      "a Redis that repeats command and credentials as %s puts no secret into an answer or the log",
      async (_, status, body) => {
        answerTo = (heard) => ({ status, body: body(heard) });
        const desk = await startApp({ env: { ...env, UPSTASH_REDIS_REST_URL: url }, clock: hurriedClock() });
        const { text, statuses } = await everythingSaid(desk);
        expect(Math.max(...statuses)).toBeGreaterThanOrEqual(500);
        expect(desk.imagekit.purged).toEqual([]);
        expectNoSecret(text);
        await desk.close();
      },
    );
  });
});
