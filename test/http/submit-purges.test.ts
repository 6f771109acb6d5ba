import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accepting, signed, startApp, type TestApp, tokens } from "../support/app.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const boot = "https://ik.imagekit.io/demo/boot.jpg";
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp({ env: { PURGE_MONTHLY_QUOTA: "3" } });
});
beforeEach(async () => {
  await desk.redis.flush();
  desk.imagekit.purged.length = 0;
  desk.imagekit.answer = accepting();
});
afterAll(() => desk.close());

const submit = (json: unknown, headers: Record<string, string> = {}, token: string = tokens.purge) =>
  desk.call("/api/purges", { method: "POST", token, json, headers });

describe("a plan", () => {
  test("a plan shows verdicts, cost and the budget afterwards, and charges nothing", async () => {
    const plan = await desk.call("/api/plan", {
      method: "POST",
      token: tokens.read,
      json: { urls: [shoe, shoe, `${boot}*`, "https://elsewhere.example/a.jpg"] },
    });
    expect(plan.status).toBe(200);
    expect(plan.body.lines.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      "accepted",
      "duplicate",
      "accepted",
      "rejected",
    ]);
    expect(plan.body).toMatchObject({ units: 2, availableAfter: 1, budget: { available: 3, spent: 0 } });
    expect(desk.imagekit.purged).toEqual([]);
  });

  test("a plan that exceeds the budget is still answered, with a negative remainder", async () => {
    const urls = [1, 2, 3, 4, 5].map((n) => `https://ik.imagekit.io/demo/${n}.jpg`);
    const plan = await desk.call("/api/plan", { method: "POST", token: tokens.read, json: { urls } });
    expect(plan.body.availableAfter).toBe(-2);
  });

  test("a plan shows a line that an open purge serves as joined", async () => {
    desk.imagekit.answer = accepting("Pending");
    const batch = await submit({ urls: [shoe], changedAt: "2026-01-01T00:00:00Z" });
    const plan = await desk.call("/api/plan", {
      method: "POST",
      token: tokens.read,
      json: { urls: [shoe], changedAt: "2026-01-01T00:00:00Z" },
    });
    expect(plan.body.lines[0]).toMatchObject({ verdict: "joined", purgeId: batch.body.purges[0].id });
  });
});

describe("a line that is probably a mistake", () => {
  const endpoint = "https://ik.imagekit.io/demo/";

  test("is refused by default, in a plan and in a submission, and nothing is sent", async () => {
    const json = { urls: [endpoint, shoe] };
    const plan = await desk.call("/api/plan", { method: "POST", token: tokens.read, json });
    expect(plan.body).toMatchObject({ units: 1, lines: [{ verdict: "rejected" }, { verdict: "accepted" }] });
    const answer = await submit(json);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      code: "invalid-urls",
      detail: expect.stringContaining('"onMistake": "send"'),
      lines: [{ violations: [{ code: "probably-a-mistake" }] }, { verdict: "accepted" }],
    });
    expect(desk.imagekit.purged).toEqual([]);
  });

  test("is dropped where bad lines are skipped", async () => {
    const answer = await submit({ urls: [endpoint, shoe], onInvalid: "skip" });
    expect(answer.body).toMatchObject({
      units: 1,
      lines: [{ verdict: "rejected" }, { verdict: "accepted" }],
    });
    expect(desk.imagekit.purged.map((body) => JSON.parse(body).url)).toEqual([shoe]);
  });

  test("is sent if the caller says so, and keeps its warning", async () => {
    const json = { urls: [endpoint], onMistake: "send" };
    const mistake = { code: "endpoint-itself", severity: "mistake" };
    const plan = await desk.call("/api/plan", { method: "POST", token: tokens.read, json });
    expect(plan.body).toMatchObject({ units: 1, lines: [{ verdict: "accepted", warnings: [mistake] }] });
    const answer = await submit(json);
    expect(answer.status).toBe(202);
    const batch = await desk.call(`/api/batches/${answer.body.id}`, { token: tokens.read });
    expect(batch.body.lines).toMatchObject([{ verdict: "accepted", warnings: [mistake] }]);
    expect(desk.imagekit.purged.map((body) => JSON.parse(body).url)).toEqual([endpoint]);
  });
});

describe("a submission", () => {
  test("a submission is answered 202 with the batch, its address and what was sent", async () => {
    const answer = await submit({ urls: [shoe, boot], reason: "autumn" });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("Location")).toBe(`/api/batches/${answer.body.id}`);
    expect(answer.body).toMatchObject({ actor: "purge-actor", reason: "autumn", units: 2, done: false });
    expect(desk.imagekit.purged.map((body) => JSON.parse(body).url).sort()).toEqual([boot, shoe]);
  });

  test("a submission accepts text, one URL per line, and does not count blank lines", async () => {
    const answer = await desk.call("/api/purges", {
      method: "POST",
      token: tokens.purge,
      type: "text/plain; charset=utf-8",
      body: `\r\n${shoe}\r\n\n   \n${boot}\n`,
    });
    expect(answer.status).toBe(202);
    expect(answer.body.lines.map(({ line }: { line: number }) => line)).toEqual([1, 2]);
  });

  test("a submission that is repeated with its key is answered 200 with the same batch and sends nothing", async () => {
    const first = await submit({ urls: [shoe] }, { "Idempotency-Key": "k 1" });
    const again = await submit({ urls: [shoe] }, { "Idempotency-Key": "k 1" });
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(desk.imagekit.purged).toHaveLength(1);
  });

  test("a submission with a key used for another body is refused; another actor may use the same key", async () => {
    await submit({ urls: [shoe] }, { "Idempotency-Key": "k" });
    const reused = await submit({ urls: [boot] }, { "Idempotency-Key": "k" });
    expect(reused).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
    const others = await submit({ urls: [boot] }, { "Idempotency-Key": "k" }, tokens.other);
    expect(others.status).toBe(202);
  });

  test("a submission with one bad line is refused as a whole, with the lines as in a plan", async () => {
    const answer = await submit({ urls: [shoe, "nonsense"] });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-urls" } });
    expect(answer.body.lines[1]).toMatchObject({ line: 2, verdict: "rejected" });
    expect(desk.imagekit.purged).toEqual([]);
  });

  test("a submission that skips bad lines sends the good ones and lists the bad", async () => {
    const answer = await submit({ urls: [shoe, "nonsense"], onInvalid: "skip" });
    expect(answer).toMatchObject({ status: 202, body: { units: 1 } });
    expect(answer.body.lines[1].violations).not.toEqual([]);
    expect(await submit({ urls: ["nonsense"], onInvalid: "skip" })).toMatchObject({
      status: 422,
      body: { code: "invalid-urls" },
    });
  });

  test("a submission of a wildcard without the scope is refused, naming scope and lines", async () => {
    const answer = await submit({ urls: [shoe, `${boot}*`] });
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden", scope: "wildcard", lines: [2] } });
    expect(await submit({ urls: [`${boot}*`] }, {}, tokens.admin)).toMatchObject({ status: 202 });
  });

  test("a submission beyond the budget is refused with the budget and a support text, without Retry-After", async () => {
    const urls = [1, 2, 3, 4].map((n) => `https://ik.imagekit.io/demo/${n}.jpg`);
    const answer = await submit({ urls });
    expect(answer).toMatchObject({ status: 429, body: { code: "budget-exhausted", units: 4 } });
    expect(answer.body.budget).toMatchObject({ quota: 3, available: 3 });
    expect(answer.body.support.mailto).toMatch(/^mailto:support@imagekit\.io\?subject=/);
    expect(answer.headers.has("Retry-After")).toBe(false);
    expect(desk.imagekit.purged).toEqual([]);
    const held = await submit({ urls, onExhausted: "hold" });
    expect(held).toMatchObject({ status: 202, body: { budget: { held: 1 } } });
  });

  test("a submission of a signed URL sends the signature, and shows it in no answer and no log", async () => {
    desk.logged.length = 0;
    const answer = await submit({ urls: [signed], reason: "x" });
    const bad = await submit({ urls: [`${signed}&x=*y`, "nonsense?ik-s=0123456789abcdef"] });
    const plan = await desk.call("/api/plan", {
      method: "POST",
      token: tokens.read,
      json: { urls: [signed] },
    });
    expect(answer.status).toBe(202);
    for (const text of [answer.text, bad.text, plan.text, desk.logged.join("\n")]) {
      expect(text).not.toContain("0123456789abcdef");
    }
    expect(desk.imagekit.purged.join()).toContain("0123456789abcdef");
  });
});
