import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accepting, startApp, tokens } from "../../../support/app.ts";
import {
  beginAnew,
  pass,
  queued,
  request,
  startWatching,
  submit,
  sweepNow,
  unknown,
  view,
  type Watching,
} from "../../app-with-purges.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

let watching: Watching;
beforeAll(async () => {
  watching = await startWatching();
});
beforeEach(() => beginAnew(watching));
afterAll(() => watching.app.close());

async function act(id: string, verb: string, token: string, back = "", headers = {}) {
  const Cookie = await sessionCookie(watching.app, token);
  return request(watching, `/purges/${id}/${verb}`, { back }, { Cookie, ...headers });
}

describe("acting on a purge", () => {
  test("an action leads back to the page of its form, which says what was done", async () => {
    const { id: batchId, purges } = await queued(watching);
    const [{ id }] = purges;
    const answer = await act(id, "cancel", tokens.purge, `/batches/${batchId}?show=open#line-1`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toBe(
      `/batches/${batchId}?show=open&done=cancelled&of=${id}#line-1`,
    );
    const page = await view(watching, answer.headers.get("Location") ?? "", tokens.purge);
    expect(page).toContain('class="callout ok"');
    expect(page).toContain("Cancelled. It will not be sent.");
  });

  test("cancelling a held purge frees no unit, and does not say that it did", async () => {
    const names = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `products/shoe-${from + index}.jpg`);
    await submit(watching, names(0, 100));
    const { purges } = await submit(watching, names(100, 21), { onExhausted: "hold" });
    const held = purges.at(-1);
    expect(held.state).toBe("held");
    expect((await act(held.id, "cancel", tokens.purge)).status).toBe(303);
    const page = await view(watching, `/purges/${held.id}`);
    expect(page).toContain("<dt>Cost</dt><dd>nothing</dd>");
    expect(page).not.toContain("its unit is free again");
  });

  test("the action forms of a purge stay below the base path", async () => {
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

  test("an action redirects only to our own pages", async () => {
    const { purges } = await queued(watching);
    const answer = await act(purges[0].id, "cancel", tokens.purge, "//elsewhere.test/");
    expect(answer.headers.get("Location")).toMatch(/^\/purges\/p_/);
  });

  test.each(["cancelled", "resent", "closed", "detached", "constructor", "<script>"])(
    "an address cannot pretend that something was done to a purge (%s)",
    async (done) => {
      const { purges } = await submit(watching, ["shoe.jpg"]);
      const page = await view(
        watching,
        `/purges/${purges[0].id}?done=${encodeURIComponent(done)}`,
        tokens.purge,
      );
      expect(page).not.toContain("callout ok");
    },
  );

  test("two resends at once charge one unit and make one more POST", async () => {
    const id = await unknown(watching);
    const answers = await Promise.all([act(id, "resend", tokens.admin), act(id, "resend", tokens.admin)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect((await watching.app.services.ledger.readPurge(id))?.units).toBe(2);
    pass(watching, 1);
    await sweepNow(watching);
    expect(watching.app.imagekit.purged).toHaveLength(2);
    const { spent, reserved } = await watching.app.services.ledger.readBudget();
    expect({ spent, reserved }).toEqual({ spent: 2, reserved: 0 });
  });

  test("cancelling a resend never claims to have cancelled the first send (G5)", async () => {
    const id = await unknown(watching);
    await act(id, "resend", tokens.admin);
    const asked = await view(watching, `/purges/${id}`, tokens.admin);
    expect(asked).toContain("It will not be sent again. The resend’s unit is free again");
    const answer = await act(id, "cancel", tokens.admin);
    const page = await view(watching, answer.headers.get("Location") ?? "", tokens.admin);
    expect(page).toContain("Its resend was taken back. The result of the first send is not known.");
    expect(page).toContain("The resend is cancelled. The result of the first send is not known.");
    expect(page).not.toContain("before it was sent");
    expect(page).not.toContain("It will not be sent.");
    expect(await view(watching, `/purges/${id}?done=resent`, tokens.admin)).not.toContain("callout ok");
  });

  test("a resend is announced as still to come only until it is sent", async () => {
    const id = await unknown(watching);
    const place = (await act(id, "resend", tokens.admin)).headers.get("Location") ?? "";
    expect(await view(watching, place, tokens.admin)).toContain(
      "It will be sent once more, for a second unit.",
    );
    pass(watching, 1);
    await sweepNow(watching);
    for (const state of ["pending", "completed"]) {
      const page = await view(watching, place, tokens.admin);
      expect((await watching.app.services.ledger.readPurge(id))?.state).toBe(state);
      expect(page).toContain("It was resent, for a second unit.");
      expect(page).not.toContain("It will be sent once more");
      watching.app.imagekit.answer = accepting("Completed");
      pass(watching, 1);
      await sweepNow(watching);
    }
  });

  test("a resend without a free unit is refused, with the email that asks for more quota", async () => {
    const id = await unknown(watching);
    await watching.app.services.ledger.correct({ external: 119, actor: "admin-actor" });
    const page = await view(watching, `/purges/${id}`, tokens.admin);
    expect(page).toContain("Resending costs 1 unit, and none are left.");
    const answer = await act(id, "resend", tokens.admin);
    expect(answer.status).toBe(429);
    expect(await answer.text()).toContain("raise our quota");
  });

  test.each([["cancel"], ["resend"], ["close"]])(
    "%s of a purge that ImageKit has accepted is a conflict",
    async (verb) => {
      const { purges } = await submit(watching, ["shoe.jpg"]);
      const answer = await act(purges[0].id, verb, tokens.admin);
      expect(answer.status).toBe(409);
      expect(await answer.text()).toContain("It is pending now");
    },
  );

  test("an action is not mistaken for an earlier one by the same person", async () => {
    const id = await unknown(watching);
    await act(id, "resend", tokens.admin);
    pass(watching, 1);
    await sweepNow(watching);
    expect((await watching.app.services.ledger.readPurge(id))?.state).toBe("pending");
    expect((await act(id, "cancel", tokens.admin)).status).toBe(409);
    expect((await act(id, "resend", tokens.admin)).status).toBe(303);
    expect((await watching.app.services.ledger.readPurge(id))?.units).toBe(2);
  });

  test("only an admin can cancel another actor's purge", async () => {
    const { purges } = await queued(watching);
    const id = purges[0].id;
    expect(await view(watching, `/purges/${id}`, tokens.other)).toContain(
      "ask an admin or the person who requested it",
    );
    expect(await view(watching, `/purges/${id}`, tokens.other)).not.toContain(`/purges/${id}/cancel`);
    const answer = await act(id, "cancel", tokens.other);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("None of your batches");
    expect((await act(id, "cancel", tokens.admin)).status).toBe(303);
  });

  test("cancelling removes only the caller's own batch while another waits", async () => {
    const first = await queued(watching);
    await queued(watching, tokens.other);
    const id = first.purges[0].id;
    expect(await view(watching, `/purges/${id}`, tokens.other)).toContain(
      "It is still sent, for another batch.",
    );
    const answer = await act(id, "cancel", tokens.other);
    expect(answer.headers.get("Location")).toContain("done=detached");
    expect(await view(watching, answer.headers.get("Location") ?? "", tokens.other)).toContain(
      "It continues for others",
    );
    expect((await watching.app.services.ledger.readPurge(id))?.state).toBe("queued");
    const again = await act(id, "cancel", tokens.other);
    expect(again.headers.get("Location")).toBe(answer.headers.get("Location"));
  });

  test.each([
    ["read", "cancel"],
    ["purge", "resend"],
    ["purge", "close"],
  ] as const)("the scope %s neither allows nor offers to %s a purge", async (scope, verb) => {
    const id = verb === "cancel" ? (await queued(watching)).purges[0].id : await unknown(watching);
    const page = await view(watching, `/purges/${id}`, tokens[scope]);
    expect(page).not.toContain(`action="/purges/${id}/${verb}"`);
    expect(page).toContain("ask an admin");
    expect((await act(id, verb, tokens[scope])).status).toBe(403);
  });

  test.each([["cancel"], ["resend"], ["close"]])(
    "%s of a purge from a foreign origin does nothing",
    async (verb) => {
      const id = verb === "cancel" ? (await queued(watching)).purges[0].id : await unknown(watching);
      const before = await watching.app.services.ledger.readPurge(id);
      const answer = await act(id, verb, tokens.admin, "", { Origin: "https://elsewhere.test" });
      expect(answer.status).toBe(403);
      expect(await watching.app.services.ledger.readPurge(id)).toEqual(before);
    },
  );

  test.each(["/purges/x/cancel", "/purges/p_00000000000000000000000000/close"])(
    "POST %s for a purge that does not exist is not found",
    async (path) => {
      const answer = await request(
        watching,
        path,
        {},
        { Cookie: await sessionCookie(watching.app, tokens.admin) },
      );
      expect(answer.status).toBe(404);
    },
  );

  test("a purge that was given up is closed once, by an admin who has seen it", async () => {
    const id = await unknown(watching);
    await act(id, "resend", tokens.admin);
    pass(watching, 1);
    watching.app.imagekit.answer = () => new Response("busy", { status: 502 });
    await sweepNow(watching);
    const givenUp = await view(watching, `/purges/${id}`, tokens.admin);
    expect(givenUp).toContain("You have seen that it was given up");
    expect(givenUp).toContain("It is an alarm until an admin closes it.");
    expect(await view(watching, "/health", tokens.admin)).toContain("?state=abandoned");
    expect((await act(id, "close", tokens.admin)).status).toBe(303);
    const closed = await view(watching, `/purges/${id}`, tokens.admin);
    expect(closed).toContain("so Purge Desk gave up");
    expect(closed).not.toContain("It is an alarm");
    expect(closed).not.toContain(`id="close-${id}"`);
    expect(await view(watching, "/health", tokens.admin)).not.toContain("?state=abandoned");
  });

  test("a purge closed by an operator stays spent and says who closed it", async () => {
    const id = await unknown(watching);
    const answer = await act(id, "close", tokens.admin);
    const page = await view(watching, answer.headers.get("Location") ?? "", tokens.admin);
    expect(page).toContain("Closed. The units it cost stay spent.");
    expect(page).toContain("admin-actor closed it");
  });
});
