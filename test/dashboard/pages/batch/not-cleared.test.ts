import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, tokens } from "../../../support/app.ts";
import {
  beginAnew,
  pass,
  queued,
  request,
  startWatching,
  submit,
  sweepNow,
  view,
  type Watching,
} from "../../app-with-purges.ts";
import { sessionCookie } from "../../session.ts";

let watching: Watching;
beforeAll(async () => {
  watching = await startWatching();
});
beforeEach(() => beginAnew(watching));
afterAll(() => watching.app.close());

const refuseWildcards = () => {
  const accept = accepting();
  watching.app.imagekit.answer = async (asked) => {
    if (asked.method !== "POST" || !(await asked.clone().text()).includes("*")) return accept(asked);
    return Response.json({ message: "The URL is not valid for cache purging." }, { status: 400 });
  };
};
/** The fields of the form that begins with a button of these words. */
function fieldsOf(page: string, words: string): Record<string, string> {
  const form = page.match(/<form[^>]*action="\/new"[\s\S]*?<\/form>/g)?.find((each) => each.includes(words));
  const inputs = form?.matchAll(/name="(\w+)" value="([^"]*)"/g) ?? [];
  return Object.fromEntries(
    [...inputs].map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")]),
  );
}
const demo = "https://ik.imagekit.io/demo/catalog";

test("G5: a line whose wildcard was refused is not called cleared, and can be sent on its own", async () => {
  refuseWildcards();
  const { id } = await submit(
    watching,
    ["catalog/shoe.jpg*", "catalog/shoe.jpg?tr=w-1", "catalog/shoe.jpg?tr=w-2", "catalog/boot.jpg"],
    { reason: "autumn" },
    tokens.admin,
  );
  pass(watching, 1);
  const page = await view(watching, `/batches/${id}`, tokens.admin);
  expect(page).toContain("3 lines were not cleared.");
  expect(page).toContain("ImageKit refused the URL of 1 of them");
  expect(page.match(/>not cleared</g)).toHaveLength(3);
  expect(page).not.toContain("cleared by the wildcard");
  expect(page).toContain("This URL was not cleared: the wildcard on");

  const fields = fieldsOf(page, "Purge 2 lines again for 2 units");
  expect(fields).toEqual({
    urls: `${demo}/shoe.jpg?tr=w-1\n${demo}/shoe.jpg?tr=w-2`,
    reason: "autumn",
    intent: "check",
  });
  const Cookie = await sessionCookie(watching.app, tokens.admin);
  const form = await (await request(watching, "/new", fields, { Cookie })).text();
  expect(form).toContain(`${demo}/shoe.jpg?tr=w-1\n${demo}/shoe.jpg?tr=w-2</textarea>`);
  expect(form).toContain(`value="autumn"`);
  expect(watching.app.imagekit.purged).toHaveLength(2);
});

test("G5: a line whose wildcard has completed is called cleared, and nothing is offered", async () => {
  watching.app.imagekit.answer = accepting();
  const { id } = await submit(watching, ["catalog/shoe.jpg*", "catalog/shoe.jpg?tr=w-1"], {}, tokens.admin);
  expect(await view(watching, `/batches/${id}`)).toContain("covered by the wildcard on line 1");
  pass(watching, 1);
  const page = await view(watching, `/batches/${id}`);
  expect(page).toContain("cleared by the wildcard on line 1");
  expect(page).not.toContain("not cleared");
});

test("G5: a joined line whose purge was cancelled by its maker is not cleared, in the API's words neither", async () => {
  const first = await queued(watching);
  const second = await queued(watching, tokens.other);
  await watching.app.call(`/api/purges/${first.purges[0].id}/cancel`, {
    method: "POST",
    token: tokens.admin,
  });
  const { body } = await watching.app.call(`/api/batches/${second.id}`, { token: tokens.read });
  expect(body.lines).toMatchObject([{ verdict: "joined", state: "cancelled" }]);
  const page = await view(watching, `/batches/${second.id}`, tokens.other);
  expect(page).toContain("1 line was not cleared.");
  expect(fieldsOf(page, "Purge 1 line again for 1 unit")).toMatchObject({
    urls: "https://ik.imagekit.io/demo/shoe.jpg",
  });
});

test("a line that was not cleared and has a signature cannot be sent again from its record, and the page says so", async () => {
  refuseWildcards();
  const { id } = await submit(
    watching,
    ["catalog/shoe.jpg*", "catalog/shoe.jpg?tr=w-2&ik-s=0123456789", "catalog/shoe.jpg?tr=w-3"],
    {},
    tokens.admin,
  );
  const page = await view(watching, `/batches/${id}`, tokens.admin);
  expect(page).toContain("1 line has a signature");
  expect(fieldsOf(page, "Purge 1 line again for 1 unit")).toMatchObject({
    urls: `${demo}/shoe.jpg?tr=w-3`,
  });
  expect(page).not.toContain("masked&quot;");
});

test("a reader who may not purge is told whom to ask about lines that were not cleared", async () => {
  refuseWildcards();
  const { id } = await submit(watching, ["catalog/shoe.jpg*", "catalog/shoe.jpg?tr=w-1"], {}, tokens.admin);
  const page = await view(watching, `/batches/${id}`, tokens.read);
  expect(page).toContain("ask someone whose token may purge");
  expect(page).not.toContain(`action="/new"`);
});

test("a batch says how many of its units were returned", async () => {
  refuseWildcards();
  const { id, units } = await submit(
    watching,
    ["catalog/shoe.jpg*", "boot.jpg", "hat.jpg"],
    {},
    tokens.admin,
  );
  expect(units).toBe(3);
  expect(await view(watching, `/batches/${id}`)).toContain("3 units, 1 returned");
});

test("a batch says which units went into a resend", async () => {
  watching.app.imagekit.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  const { id } = await submit(watching, ["shoe.jpg"]);
  pass(watching, 2);
  await sweepNow(watching);
  expect(await view(watching, `/batches/${id}`)).toContain("1 unit, 1 more for a resend");
});

test("the queued purges of a batch are cancelled together, after a question, and the page says what came of it", async () => {
  watching.app.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const { id } = await submit(watching, ["a.jpg", "b.jpg", "c.jpg"]);
  const page = await view(watching, `/batches/${id}`, tokens.purge);
  expect(page).toContain("Cancel 3 purges not sent yet");
  expect(await view(watching, `/batches/${id}`, tokens.other)).not.toContain("not sent yet");
  const Cookie = await sessionCookie(watching.app, tokens.purge);
  const answer = await request(watching, `/batches/${id}/cancel`, {}, { Cookie });
  expect([answer.status, answer.headers.get("Location")]).toEqual([303, `/batches/${id}?done=cancelled-all`]);
  const after = await view(watching, `/batches/${id}?done=cancelled-all`, tokens.purge);
  expect(after).toContain("Cancelled: 3 purges.");
  expect(after).toContain("3 units, 3 returned");
  expect(after).toContain("Purge 3 lines again for 3 units");
});

test("an address that says a batch was cancelled proves nothing", async () => {
  const { id } = await submit(watching, ["a.jpg"]);
  const page = await view(watching, `/batches/${id}?done=cancelled-all`);
  expect(page).toContain("Nothing was cancelled. 1 purge had been sent before, and 1 goes on.");
});

test("another actor's batch is not cancelled from its page", async () => {
  const { id } = await queued(watching);
  const Cookie = await sessionCookie(watching.app, tokens.other);
  const answer = await request(watching, `/batches/${id}/cancel`, {}, { Cookie });
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain("This is a batch of purge-actor.");
});

test("the title of a batch's page counts what is completed", async () => {
  watching.app.imagekit.answer = accepting();
  const { id } = await submit(watching, ["a.jpg", "b.jpg"]);
  expect(await view(watching, `/batches/${id}`)).toContain("<title>(0/2) Batch of 2 lines");
  pass(watching, 1);
  expect(await view(watching, `/batches/${id}`)).toContain("<title>(2/2) Batch of 2 lines");
});

test("several batches show the progress, actor, time and reason, and one mail for all that is overdue", async () => {
  const first = await submit(watching, ["a.jpg", "b.jpg"], { reason: "autumn" });
  const second = await submit(watching, ["c.jpg"], { reason: "autumn" });
  pass(watching, 16);
  const page = await view(watching, `/batches?id=${first.id}&id=${second.id}`);
  expect(page.match(/role="progressbar"/g)).toHaveLength(2);
  expect(page).toContain("purge-actor");
  expect(page).toContain("autumn");
  expect(page).toContain("<title>(0/3) 2 batches of 3 lines");
  expect(page).toContain("3 purges for ImageKit’s support");
  expect(page.match(/request id: ik/g)).toHaveLength(3);
});
