import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { accepting, signed, startApp, type TestApp, tokens } from "../support/app.ts";
import { keepRates } from "../support/keep-rates.ts";
import { manualClock } from "../support/manual-clock.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const path = "/v1/files/purge";
const notPurgeable = "The URL is not valid for cache purging.";
const missingUrl = "Your request is missing URL parameter.";
const unknownId = "No request found for this requestId.";
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp();
});
beforeEach(async () => {
  await desk.redis.flush();
  desk.imagekit.purged.length = 0;
  desk.imagekit.answer = accepting("Pending");
  desk.logged.length = 0;
});
afterAll(() => desk.close());

const send = (json: unknown, headers: Record<string, string> = {}, token: string = tokens.admin) =>
  desk.call(path, { method: "POST", token, json, headers });
const status = (id: string) => desk.call(`${path}/${id}`, { token: tokens.read });

describe("a body", () => {
  test.each([
    ["no URL", {}, missingUrl],
    ["null", null, missingUrl],
    ["a list", [{ url: shoe }], missingUrl],
    ["a text", shoe, missingUrl],
    ["a number as the URL", { url: 7 }, missingUrl],
    ["a list of URLs", { url: [shoe] }, missingUrl],
    ["an empty URL", { url: "" }, notPurgeable],
    ["two URLs in one text", { url: `${shoe}\n${shoe}` }, notPurgeable],
    ["a template that nobody filled", { url: "https://ik.imagekit.io/demo/{{file}}" }, notPurgeable],
    ["another host", { url: "https://elsewhere.example/a.jpg" }, notPurgeable],
  ])("%s is ImageKit's 400, with help, and costs nothing", async (_, json, message) => {
    const answer = await send(json);
    expect(answer).toMatchObject({ status: 400, body: { message, help: expect.any(String) } });
    expect(desk.imagekit.purged).toEqual([]);
  });

  test("the help names the rule that failed, what would pass, and shows no signature", async () => {
    const several = await send({ url: `${shoe} ${signed}` });
    expect(several.body.help).toMatch(/^several-urls: /);
    expect(several.text).not.toContain("0123456789abcdef");
    const mistake = await send({ url: "https://ik.imagekit.io/demo/undefined" });
    expect(mistake.body.help).toMatch(/^probably-a-mistake: /);
    const broad = await send({ url: "https://ik.imagekit.io/demo/images*" });
    expect(broad.body.help).toContain("/images/autumn/*");
  });

  test("members that ImageKit's API does not have are ignored, as ImageKit ignores them", async () => {
    expect((await send({ url: shoe, reason: "x", urls: [shoe] })).status).toBe(201);
    expect(desk.imagekit.purged).toEqual([JSON.stringify({ url: shoe })]);
  });
});

describe("the answer waits for ImageKit", () => {
  test("a purge that ImageKit refuses at once is ImageKit's 400, and its status is that of an unknown id", async () => {
    desk.imagekit.answer = () => Response.json({ message: notPurgeable }, { status: 400 });
    const answer = await send({ url: shoe });
    expect(answer).toMatchObject({ status: 400, body: { message: notPurgeable } });
    expect(answer.body.help).toContain("ImageKit refused it");
    const { dropInId, purgeId } = JSON.parse(desk.logged.find((line) => line.includes('"drop-in"')) ?? "{}");
    const read = await status(dropInId);
    expect(read).toMatchObject({ status: 400, body: { message: unknownId } });
    expect(read.body.help).toContain(`${purgeId}, which ended refused`);
    expect(desk.logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        event: "drop-in-ended",
        purgeId,
        state: "refused",
        cause: expect.stringContaining("refused"),
      }),
    );
  });

  test("a resend of a purge that ImageKit refused gets the same 400, and nothing is sent", async () => {
    desk.imagekit.answer = () => Response.json({ message: notPurgeable }, { status: 400 });
    const answers = [
      await send({ url: shoe }),
      await send({ url: shoe }, { "X-Stainless-Retry-Count": "1" }),
    ];
    expect(answers.map((each) => each.body.message)).toEqual([notPurgeable, notPurgeable]);
    expect(desk.imagekit.purged).toHaveLength(1);
  });

  test("after 5 s without an answer of ImageKit the purge is answered 201, and its status is Pending", async () => {
    const clock = manualClock(systemClock.now());
    const slow = await startApp({ clock });
    let letGo: (response: Response) => void = () => undefined;
    slow.imagekit.answer = () => new Promise((resolve) => (letGo = resolve));
    const answering = slow.call(path, { method: "POST", token: tokens.purge, json: { url: shoe } });
    while (slow.imagekit.purged.length === 0) await setImmediate();
    let isAnswered = false;
    void answering.then(() => (isAnswered = true));
    clock.move(4_900);
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(isAnswered).toBe(false);
    clock.move(200);
    const answer = await answering;
    expect(answer.status).toBe(201);
    const drive = setInterval(() => clock.move(200), 1);
    const read = await slow.call(`${path}/${answer.body.requestId}`, { token: tokens.read });
    expect(read.body).toEqual({ status: "Pending" });
    letGo(Response.json({ requestId: "ik1" }, { status: 201 }));
    await Promise.all(slow.background).finally(() => clearInterval(drive));
    await slow.close();
  });
});

describe("a status", () => {
  test("a purge that an operator cancelled is answered as an unknown id", async () => {
    desk.imagekit.answer = () => Response.json({ message: "expired" }, { status: 401 });
    const { body } = await send({ url: shoe });
    expect((await status(body.requestId)).body).toEqual({ status: "Pending" });
    const list = await desk.call(`/api/purges?q=${body.requestId}`, { token: tokens.admin });
    await desk.call(`/api/purges/${list.body.purges[0].id}/cancel`, { method: "POST", token: tokens.admin });
    expect(await status(body.requestId)).toMatchObject({ status: 400, body: { message: unknownId } });
  });

  test.each(["0".repeat(24), "p_01kaq3h8x0fj7m2k9t4v6w8y0z", "a%2Fb", "x".repeat(500), "%00", "ik1"])(
    "the id %s, which nobody was given, is ImageKit's 400",
    async (id) => {
      expect(await status(id)).toMatchObject({ status: 400, body: { message: unknownId } });
    },
  );

  test("an id whose key was lost is found in the purge's record", async () => {
    const { body } = await send({ url: shoe });
    const key = `sandbox:1:drop-in:${body.requestId}`;
    expect(await desk.redis.raw.del(key)).toBe(1);
    expect(await status(body.requestId)).toMatchObject({ status: 200, body: { status: "Pending" } });
  });

  test("an id that only stands in another purge's URL does not lead to that purge", async () => {
    await send({ url: "https://ik.imagekit.io/demo/ik9.jpg" });
    expect((await status("ik9")).status).toBe(400);
    expect((await status("ik1")).body).toEqual({ status: "Pending" });
  });
});

describe("a resend", () => {
  test.each([
    ["1", 1],
    ["2", 1],
    ["0", 2],
    ["", 2],
    ["x", 2],
    ["-1", 2],
  ])("with the retry count %j, the second request leaves %i purges", async (count, purges) => {
    const time = { now: systemClock.now() };
    const resent = await startApp({ time });
    for (const headers of [{}, { "X-Stainless-Retry-Count": count }]) {
      const answer = await resent.call(path, {
        method: "POST",
        token: tokens.admin,
        json: { url: shoe },
        headers,
      });
      expect(answer.status).toBe(201);
      time.now += 2;
    }
    expect(resent.imagekit.purged).toHaveLength(purges);
    await resent.close();
  });
});

describe("a resend of a save that was refused", () => {
  test("it is a purge of its own, not that of the save before, when the first attempt was beyond the caller's rate", async () => {
    const time = { now: systemClock.now() };
    const limited = await startApp({ time, env: { PURGE_CALLER_RATE: "0.1/s:1" } });
    const save = (headers = {}) =>
      limited.call(path, { method: "POST", token: tokens.purge, json: { url: shoe }, headers });
    const first = await save();
    await keepRates(limited.redis.raw);
    expect(await save()).toMatchObject({ status: 429 });
    time.now += 10_000;
    const resent = await save({ "X-Stainless-Retry-Count": "1" });
    expect(resent.status).toBe(201);
    expect(resent.body.requestId).not.toBe(first.body.requestId);
    expect(limited.imagekit.purged).toHaveLength(2);
    await limited.close();
  });

  test("the SDK is told not to resend what a full Redis refused", async () => {
    desk.redis.bridge.setFault(() => ({
      refused: "OOM command not allowed when used memory > 'maxmemory'.",
    }));
    const answer = await send({ url: shoe });
    desk.redis.bridge.setFault(undefined);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  test("the SDK is told not to resend what a deploy that is not live refused", async () => {
    const env = { IMAGEKIT_API_BASE_URL: "", IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo" };
    const preview = await startApp({ app: { live: () => false }, env });
    const answer = await preview.call(path, { method: "POST", token: tokens.purge, json: { url: shoe } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    await preview.close();
  });
});

describe("the key", () => {
  const wrong = (n: number) => ({ Authorization: `Basic ${btoa(`pd_${String(n).padStart(43, "x")}:`)}` });
  const ask = (headers: Record<string, string>, ip: string) =>
    desk.call(path, { method: "POST", json: { url: shoe }, headers, platform: { ip } });

  test.each([
    ["nothing", {}],
    ["an empty user", { Authorization: `Basic ${btoa(`:${tokens.admin}`)}` }],
    ["a bearer token", { Authorization: `Bearer ${tokens.admin}` }],
    ["no base64", { Authorization: "Basic *" }],
    ["broken base64", { Authorization: "Basic a" }],
    ["two keys", { Authorization: `Basic ${btoa(`${tokens.admin}:`)}, Basic ${btoa(`${tokens.admin}:`)}` }],
    ["10,000 characters", { Authorization: `Basic ${"a".repeat(10_000)}` }],
  ])("%s is 401 with ImageKit's sentence and no challenge", async (_, headers: Record<string, string>) => {
    const answer = await ask(headers, "192.0.2.7");
    expect(answer).toMatchObject({
      status: 401,
      body: { message: "Your request does not contain private API key." },
    });
  });

  test.each([":", ":do_not_set", ":a:b", ""])("the password %j means nothing", async (password) => {
    const headers = { Authorization: `basic ${btoa(tokens.purge + password)}` };
    expect((await ask(headers, "192.0.2.7")).status).toBe(201);
  });

  test("after ten wrong keys an address must wait, bearer tokens and keys together; a valid key is never refused", async () => {
    const ip = "192.0.2.8";
    for (let n = 0; n < 5; n++) {
      expect(await ask(wrong(n), ip)).toMatchObject({
        status: 403,
        body: { message: "Your account cannot be authenticated." },
      });
      const bearer = { Authorization: `Bearer pd_${String(n).padStart(43, "y")}` };
      expect((await desk.call("/api/budget", { headers: bearer, platform: { ip } })).status).toBe(401);
    }
    const answer = await ask(wrong(6), ip);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("X-RateLimit-Reset"))).toBeGreaterThan(10_000);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect((await ask({ Authorization: `Basic ${btoa(`${tokens.purge}:`)}` }, ip)).status).toBe(201);
  });

  test("a session of the dashboard opens nothing here", async () => {
    const answer = await desk.call(path, {
      method: "POST",
      json: { url: shoe },
      headers: { Cookie: "purge-desk=x" },
    });
    expect(answer.status).toBe(401);
  });
});

test("a damaged ledger and a full Redis are 503, which says that nothing was recorded", async () => {
  await send({ url: shoe });
  await desk.redis.raw.del("sandbox:1:budget");
  const answer = await send({ url: `${shoe}*` });
  expect(answer).toMatchObject({
    status: 503,
    body: { help: expect.stringContaining("Nothing was recorded or charged") },
  });
});
