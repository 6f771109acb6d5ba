import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ownPlace, withQuery } from "../../src/dashboard/own-place.ts";
import { sweep } from "../../src/sweep.ts";
import { accepting, signed, startApp, type TestApp, tokens } from "../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "./session.ts";

const time = { now: Date.parse("2026-11-24T14:02:10Z") };
let desk: TestApp;
beforeAll(async () => {
  desk = await startApp({
    time,
    env: { ...sessionSecret, PURGE_MONTHLY_QUOTA: "120" },
  });
});
beforeEach(async () => {
  await desk.redis.flush();
  desk.imagekit.purged.length = 0;
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

const pass = (minutes: number) => {
  time.now += minutes * 60_000;
};

async function submit(names: readonly string[], more: object = {}, token: string = tokens.purge) {
  const urls = names.map((name) => (name.includes(":") ? name : `https://ik.imagekit.io/demo/${name}`));
  const { body } = await desk.call("/api/purges", { method: "POST", token, json: { urls, ...more } });
  return body;
}

async function request(
  path: string,
  form?: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const headers = {
    Origin: "https://purge.test",
    "Content-Type": "application/x-www-form-urlencoded",
    ...more,
  };
  return desk.app.fetch(
    new Request(`https://purge.test${path}`, {
      method: form === undefined ? "GET" : "POST",
      headers,
      ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
    }),
    { waitUntil: (work) => desk.background.push(work) },
  );
}

async function view(path: string, token: string = tokens.read): Promise<string> {
  const answer = await request(path, undefined, { Cookie: await sessionCookie(desk, token) });
  expect(answer.status).toBe(200);
  return answer.text();
}

async function act(id: string, verb: string, token: string, back = "", headers = {}) {
  return request(`/purges/${id}/${verb}`, { back }, { Cookie: await sessionCookie(desk, token), ...headers });
}

/** One purge whose answer was lost. */
async function unknown(name = "shoe.jpg"): Promise<string> {
  desk.imagekit.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  const { purges } = await submit([name]);
  desk.imagekit.answer = accepting("Pending");
  return purges[0].id;
}

describe("a place to come back to", () => {
  test.each([
    ["/batches/b_1?show=open#line-3", "/batches/b_1?show=open#line-3"],
    ["//elsewhere.test/", "/otherwise"],
    ["/\\elsewhere.test", "/otherwise"],
    ["https://elsewhere.test/", "/otherwise"],
    ["/sign-in", "/otherwise"],
    ["javascript:alert(1)", "/otherwise"],
    ["", "/otherwise"],
  ])("%s becomes %s", (place, own) => {
    expect(ownPlace({ basePath: "" }, place, "/otherwise")).toBe(own);
  });

  test("keeps its query and fragment, and never becomes another host", () => {
    expect(withQuery("/batches/b_1?show=open&done=x#line-3", { done: "closed" })).toBe(
      "/batches/b_1?show=open&done=closed#line-3",
    );
    expect(withQuery("/.//elsewhere.test", { done: "closed" })).toBe("/.//elsewhere.test?done=closed");
  });
});

describe("a batch's page", () => {
  test("says how far it is, and stops looking when it is done", async () => {
    const { id } = await submit(["shoe.jpg", "boot.jpg", "shoe.jpg", "https://elsewhere.test/a.jpg"], {
      onInvalid: "skip",
    });
    const before = await view(`/batches/${id}`);
    expect(before).toContain("0 of 4 completed");
    expect(before).toContain('data-refresh-seconds="5"');
    expect(before).toContain("same as line 1");
    expect(before).toContain("2 units");
    desk.imagekit.answer = accepting();
    pass(1);
    const after = await view(`/batches/${id}`);
    expect(after).toContain("3 of 4 completed");
    expect(after).toContain("1 rejected");
    expect(after).not.toContain("data-refresh-seconds");
    const filtered = await view(`/batches/${id}?show=open`);
    expect(filtered).toContain('id="line-4"');
    expect(filtered).not.toContain('id="line-1"');
  });

  test("names the batch that a joined line waits with, and what it cost", async () => {
    const first = await submit(["shoe.jpg"], { changedAt: "2026-01-01T00:00:00Z" });
    const second = await submit(["shoe.jpg"], { changedAt: "2026-01-01T00:00:00Z" }, tokens.other);
    const page = await view(`/batches/${second.id}`);
    expect(page).toContain(`/batches/${first.id}`);
    expect(page).toContain("cost nothing; a joined line costs nothing");
    const purge = await view(`/purges/${first.purges[0].id}`);
    expect(purge).toContain(`/batches/${second.id}`);
    expect(purge).toContain("other-actor, joined");
  });

  test("has one text for support for all that is overdue", async () => {
    const { id, purges } = await submit(["shoe.jpg", "boot.jpg"]);
    pass(16);
    const page = await view(`/batches/${id}`);
    expect(page).toContain("0 of 2 completed");
    expect(page).toContain("2 purge requests of ours");
    expect(page).toContain("request id: ik1");
    expect(page).toContain("request id: ik2");
    expect(page).toContain("mailto:support@imagekit.io");
    const one = await view(`/purges/${purges[0].id}`);
    expect(one).toContain("A purge request of ours");
    expect(one).toContain("time to ask ImageKit");
  });

  test("of 100 open lines is small enough to be looked at often", async () => {
    desk.imagekit.answer = accepting("Pending");
    const names = Array.from({ length: 100 }, (_, index) => `products/autumn/shoe-${index}.jpg`);
    const { id } = await submit(names, { onExhausted: "hold" }, tokens.admin);
    const page = await view(`/batches/${id}`, tokens.admin);
    expect(page.match(/class="line"/g)).toHaveLength(100);
    expect(gzipSync(page).length).toBeLessThan(20_000);
  });

  test("shows hostile text as text, and no signature", async () => {
    const attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { id, purges } = await submit([signed, `https://elsewhere.test/${attack}`], {
      reason: attack,
      onInvalid: "skip",
    });
    desk.imagekit.answer = accepting();
    for (const path of [`/batches/${id}`, `/purges/${purges[0].id}`]) {
      const page = await view(path);
      expect(page).not.toContain("<script>alert");
      expect(page).not.toContain("<img");
      expect(page).not.toContain("0123456789abcdef");
      expect(page).toContain("&lt;script&gt;alert(1)");
    }
  });

  test.each([
    "/batches/b_00000000000000000000000000",
    "/batches/x",
    "/purges/p_00000000000000000000000000",
    "/purges/x",
  ])("%s is not there", async (path) => {
    const answer = await request(path, undefined, { Cookie: await sessionCookie(desk, tokens.read) });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("retention time");
  });
});

describe("an act", () => {
  test("comes back to where its form stood, and says there what was done", async () => {
    const { id: batchId, purges } = await held();
    const [{ id }] = purges;
    const answer = await act(id, "cancel", tokens.purge, `/batches/${batchId}?show=open#line-1`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toBe(
      `/batches/${batchId}?show=open&done=cancelled&of=${id}#line-1`,
    );
    const page = await view(answer.headers.get("Location") ?? "", tokens.purge);
    expect(page).toContain("Cancelled. It is not sent.");
  });

  test("stays below the base path", async () => {
    const mounted = await startApp({ env: sessionSecret, app: { basePath: "/_purge" } });
    mounted.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
    const json = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] };
    const { body } = await mounted.call("/api/purges", { method: "POST", token: tokens.admin, json });
    const Cookie = await sessionCookie(mounted, tokens.admin);
    const path = `/purges/${body.purges[0].id}`;
    const { text } = await mounted.call(path, { headers: { Cookie } });
    expect(text).toContain(`action="/_purge${path}/cancel"`);
    expect(text).toContain(`href="/_purge/batches/${body.id}"`);
    const answer = await postForm(mounted, `${path}/cancel`, { fields: { back: path }, Cookie });
    expect(answer.headers.get("Location")).toMatch(/^\/_purge\/purges\//);
    await mounted.close();
  });

  test("goes nowhere else than to a page of ours", async () => {
    const { purges } = await held();
    const answer = await act(purges[0].id, "cancel", tokens.purge, "//elsewhere.test/");
    expect(answer.headers.get("Location")).toMatch(/^\/purges\/p_/);
  });

  test.each(["cancelled", "resent", "closed", "detached", "constructor", "<script>"])(
    "that was not done is not pretended by an address (%s)",
    async (done) => {
      const { purges } = await submit(["shoe.jpg"]);
      const page = await view(`/purges/${purges[0].id}?done=${encodeURIComponent(done)}`, tokens.purge);
      expect(page).not.toContain("callout ok");
    },
  );

  test("two resends at once charge one unit, and ImageKit gets one POST more", async () => {
    const id = await unknown();
    const answers = await Promise.all([act(id, "resend", tokens.admin), act(id, "resend", tokens.admin)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect((await desk.services.ledger.readPurge(id))?.units).toBe(2);
    pass(1);
    await sweepNow();
    expect(desk.imagekit.purged).toHaveLength(2);
    const { spent, reserved } = await desk.services.ledger.readBudget();
    expect({ spent, reserved }).toEqual({ spent: 2, reserved: 0 });
  });

  test("without a free unit is refused with the text that asks for more", async () => {
    const id = await unknown();
    await desk.services.ledger.correct({ external: 119, actor: "admin-actor" });
    const page = await view(`/purges/${id}`, tokens.admin);
    expect(page).toContain("Resending costs 1 unit, and none is left.");
    const answer = await act(id, "resend", tokens.admin);
    expect(answer.status).toBe(429);
    expect(await answer.text()).toContain("raise our quota");
  });

  test.each([["cancel"], ["resend"], ["close"]])(
    "%s of what ImageKit has accepted is a conflict",
    async (verb) => {
      const { purges } = await submit(["shoe.jpg"]);
      const answer = await act(purges[0].id, verb, tokens.admin);
      expect(answer.status).toBe(409);
      expect(await answer.text()).toContain("It is pending by now");
    },
  );

  test("that comes after another one of the same person is not taken for it", async () => {
    const id = await unknown();
    await act(id, "resend", tokens.admin);
    pass(1);
    await sweepNow();
    expect((await desk.services.ledger.readPurge(id))?.state).toBe("pending");
    expect((await act(id, "cancel", tokens.admin)).status).toBe(409);
    expect((await act(id, "resend", tokens.admin)).status).toBe(303);
    expect((await desk.services.ledger.readPurge(id))?.units).toBe(2);
  });

  test("on another actor's purge is for an admin", async () => {
    const { purges } = await held();
    const id = purges[0].id;
    expect(await view(`/purges/${id}`, tokens.other)).toContain("ask an admin, or whoever asked for it");
    expect(await view(`/purges/${id}`, tokens.other)).not.toContain(`/purges/${id}/cancel`);
    const answer = await act(id, "cancel", tokens.other);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("No batch of yours");
    expect((await act(id, "cancel", tokens.admin)).status).toBe(303);
  });

  test("takes off only the caller's own batch while another waits", async () => {
    const first = await held();
    await held(tokens.other);
    const id = first.purges[0].id;
    expect(await view(`/purges/${id}`, tokens.other)).toContain(
      "It is sent all the same, for another batch.",
    );
    const answer = await act(id, "cancel", tokens.other);
    expect(answer.headers.get("Location")).toContain("done=detached");
    expect(await view(answer.headers.get("Location") ?? "", tokens.other)).toContain("It goes on for others");
    expect((await desk.services.ledger.readPurge(id))?.state).toBe("queued");
    const again = await act(id, "cancel", tokens.other);
    expect(again.headers.get("Location")).toBe(answer.headers.get("Location"));
  });

  test.each([
    ["read", "cancel"],
    ["purge", "resend"],
    ["purge", "close"],
  ] as const)("the scope %s does not get to %s, nor is it offered", async (scope, verb) => {
    const id = verb === "cancel" ? (await held()).purges[0].id : await unknown();
    const page = await view(`/purges/${id}`, tokens[scope]);
    expect(page).not.toContain(`action="/purges/${id}/${verb}"`);
    expect(page).toContain("ask an admin");
    expect((await act(id, verb, tokens[scope])).status).toBe(403);
  });

  test.each([["cancel"], ["resend"], ["close"]])("%s from a foreign origin does nothing", async (verb) => {
    const id = verb === "cancel" ? (await held()).purges[0].id : await unknown();
    const before = await desk.services.ledger.readPurge(id);
    const answer = await act(id, verb, tokens.admin, "", { Origin: "https://elsewhere.test" });
    expect(answer.status).toBe(403);
    expect(await desk.services.ledger.readPurge(id)).toEqual(before);
  });

  test.each(["/purges/x/cancel", "/purges/p_00000000000000000000000000/close"])(
    "%s is not there",
    async (path) => {
      const answer = await request(path, {}, { Cookie: await sessionCookie(desk, tokens.admin) });
      expect(answer.status).toBe(404);
    },
  );

  test("closed by an operator stays spent and says by whom", async () => {
    const id = await unknown();
    const answer = await act(id, "close", tokens.admin);
    const page = await view(answer.headers.get("Location") ?? "", tokens.admin);
    expect(page).toContain("Closed. What it cost stays spent.");
    expect(page).toContain("admin-actor closed it");
  });
});

/** One purge that ImageKit does not take just now. */
async function held(token: string = tokens.purge) {
  desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  return submit(["shoe.jpg"], {}, token);
}

async function sweepNow(): Promise<void> {
  await sweep(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 20_000 });
}
