/** What callers in plain JavaScript pass by mistake. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type PurgeRequest, purgeDesk } from "../../src/client/client.ts";
import { tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

let served: ServedDesk;

beforeAll(async () => {
  served = await serveDesk();
});
beforeEach(() => served.reset());
afterAll(() => served.close());

const desk = () => purgeDesk({ url: served.url, token: tokens.purge });
/** A value that no type checker has seen. */
const untyped = (text: string) => JSON.parse(text);

test.each(["", "a/b", "..", "b_1?x=1", "\ud800"])(
  "%j, which no id can be, rejects as not found, and nothing is asked",
  async (id) => {
    const client = desk();
    const calls = [client.batch(id), client.read(id), client.cancel(id)];
    // Rejected, not thrown: all three promises are there.
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "not-found" });
    expect(served.arrivals).toEqual([]);
  },
);

test.each([
  ["undefined", untyped("{}").id],
  ["an empty text", ""],
  ["no batch", []],
  ["a batch that is undefined", [untyped("{}").id]],
])("a wait for %s says that there is no batch to wait for", async (_, what) => {
  await expect(desk().wait(what)).rejects.toMatchObject({
    code: "not-found",
    message: "No batch to wait for",
  });
});

test.each([
  ['{ "images": null }', "/images: must be of type array."],
  ['{ "images": "/a.jpg" }', "/images: must be of type array."],
  ['{ "images": 7 }', "/images: must be of type array."],
  ['{ "image": ["/a.jpg"] }', "/image: is not a known field."],
  ['"/a.jpg"', "The body: must be of type object."],
])("the request %s is refused with what is wrong in it", async (request, message) => {
  const mistaken: PurgeRequest = untyped(request);
  await expect(desk().purge(mistaken)).rejects.toMatchObject({ code: "invalid-body", message });
  await expect(desk().plan(mistaken)).rejects.toMatchObject({ code: "invalid-body", message });
});

test("a URL that already ends in /api is told by the path that was asked for", async () => {
  const budget = purgeDesk({ url: `${served.url}/api`, token: tokens.purge }).budget();
  await expect(budget).rejects.toMatchObject({
    code: "not-found",
    message: "There is no route /api/api/budget; /api/docs lists them all.",
  });
});

test("a token that is not configured is told from one that is missing", async () => {
  const budget = purgeDesk({ url: served.url, token: "pd_unknown" }).budget();
  await expect(budget).rejects.toMatchObject({
    code: "unauthorized",
    message: "This is not a token of this Purge Desk: PURGE_TOKENS has no entry for it.",
  });
});
