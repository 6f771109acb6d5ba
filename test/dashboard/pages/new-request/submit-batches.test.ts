import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkDraft, emptyDraft, namedIn } from "../../../../src/dashboard/pages/new-request/draft.ts";
import { submitAsBatches } from "../../../../src/dashboard/pages/new-request/submit-batches.ts";
import { accepting, startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const images = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `https://ik.imagekit.io/demo/${name}/${index}.jpg`);
const key = `o_${"1".repeat(26)}`;

describe("a form with more lines than a batch takes", () => {
  const time = { now: Date.parse("2026-11-15T12:00:00Z") };
  let app: TestApp;
  let Cookie: string;
  beforeEach(async () => {
    app = await startApp({ env: { ...sessionSecret, PURGE_MONTHLY_QUOTA: "250" }, time });
    app.imagekit.answer = accepting("Pending");
    Cookie = await sessionCookie(app, tokens.purge);
  });
  afterEach(() => app.close());

  const submit = (urls: readonly string[], fields: Record<string, string> = {}) =>
    postForm(app, "/new", { fields: { urls: urls.join("\n"), intent: "split", key, ...fields }, Cookie });
  const idsIn = (text: string) => [...new Set(text.match(/b_[0-9a-z]{26}/g))];
  const charged = async () => {
    await Promise.all(app.background);
    const { spent, reserved } = await app.services.ledger.readBudget();
    return { charged: spent + reserved, sent: app.imagekit.purged.length };
  };

  test("a form of several batches is charged once however often it is submitted, without lines repeated across batches", async () => {
    const urls = [...images("a", 150), ...images("a", 50)];
    const first = await submit(urls);
    expect(first.status).toBe(303);
    const place = first.headers.get("Location") ?? "";
    expect(idsIn(place)).toHaveLength(2);
    expect((await submit(urls)).headers.get("Location")).toBe(place);
    expect(await charged()).toEqual({ charged: 150, sent: 150 });
    const page = await app.call(place, { headers: { Cookie } });
    expect(page.text).toContain("2 batches of 150 lines");
    expect(page.text).toContain("0 of 100 completed");
  });

  test("a form of several batches submitted from two tabs at once is charged once", async () => {
    const urls = images("tabs", 120);
    const answers = await Promise.all([submit(urls), submit(urls)]);
    expect(new Set(answers.map(({ headers }) => headers.get("Location"))).size).toBe(1);
    expect(await charged()).toEqual({ charged: 120, sent: 120 });
  });

  test("several batches stop where the budget ends, and the form keeps the rest under a new key", async () => {
    const answer = await submit(images("over", 260));
    expect(answer.status).toBe(429);
    expect(answer.text).toContain("2 of 3 batches were accepted");
    expect(answer.text).toContain("This needs 60 units, and 50 of the month");
    expect(answer.text).toContain("over/200.jpg");
    expect(answer.text).not.toContain("over/199.jpg");
    expect(answer.text).not.toContain(key);
    expect(await charged()).toEqual({ charged: 200, sent: 200 });
    const page = await app.call(
      `/batches?${idsIn(answer.text)
        .map((id) => `id=${id}`)
        .join("&")}`,
      {
        headers: { Cookie },
      },
    );
    expect(page.text).toContain("2 batches of 200 lines");
  });

  test("several batches hold what the budget does not cover if that is chosen", async () => {
    const answer = await submit(images("held", 260), { onExhausted: "hold" });
    expect(idsIn(answer.headers.get("Location") ?? "")).toHaveLength(3);
    expect(await charged()).toEqual({ charged: 250, sent: 250 });
    expect(await app.services.ledger.readBudget()).toMatchObject({ held: 10 });
  });

  test("several batches with a rejected line, or a wildcard without its scope, do nothing at all", async () => {
    const bad = await submit([...images("bad", 110), "nonsense"]);
    expect([bad.status, bad.text.includes("Fix line 111, or choose to skip it")]).toEqual([422, true]);
    const wild = await submit([...images("wild", 110), "https://ik.imagekit.io/demo/wild/x.jpg*"]);
    expect([wild.status, wild.text.includes("need the scope wildcard")]).toEqual([403, true]);
    expect(await charged()).toEqual({ charged: 0, sent: 0 });
  });

  test("several batches skip rejected lines if that is chosen", async () => {
    const answer = await submit([...images("skip", 110), "nonsense"], { onInvalid: "skip" });
    expect(answer.status).toBe(303);
    expect(await charged()).toEqual({ charged: 110, sent: 110 });
  });

  test("several batches stop before the function's time is over, and say which lines are left", async () => {
    const draft = { ...emptyDraft(key), urls: images("time", 250).join("\n") };
    const named = namedIn(draft);
    const checked = checkDraft(draft, named, app.services.clock);
    if (!("request" in checked)) throw new Error("the draft is refused");
    const caller = { name: "purge-actor", scopes: ["read", "purge"] } as const;
    const run = { deadlineMs: app.services.clock.monotonicMs() + 1_000 };
    const reply = await submitAsBatches(
      app.services,
      caller,
      { draft, request: checked.request },
      { run, isRecent: () => true },
    );
    expect(reply).toMatchObject({ outcome: "stopped", batches: 3, reply: { outcome: "out-of-time" } });
    expect("left" in reply && reply.left).toEqual(Array.from({ length: 150 }, (_, n) => n + 101));
    expect((await charged()).charged).toBe(100);
  });

  test("several batches submitted again days later ask to confirm first", async () => {
    const urls = images("later", 120);
    await submit(urls);
    time.now += 3 * 86_400_000;
    const session = await sessionCookie(app, tokens.purge);
    const again = await postForm(app, "/new", {
      fields: { urls: urls.join("\n"), intent: "split", key },
      Cookie: session,
    });
    expect(again.text).toContain("These lines were submitted from this form before");
    expect(await charged()).toEqual({ charged: 120, sent: 120 });
  });
});
