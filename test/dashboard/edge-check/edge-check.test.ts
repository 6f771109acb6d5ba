import { expect, test } from "vitest";
import { tokens } from "../../support/app.ts";
import { request, view } from "../app-with-purges.ts";
import { sessionCookie } from "../session.ts";
import { watchChecks } from "./checked-purges.ts";

const { watching, purge, untilChecked } = watchChecks();

/** What a page says, as text. */
async function says(path: string, token?: string): Promise<string> {
  const html = await view(watching(), path, token);
  return html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

test("a purge's page shows both readings of a new image, and refreshes until it is checked", async () => {
  const { cdn, time } = watching();
  const batch = await purge(["shoe.jpg"]);
  const path = `/purges/${batch.purges[0].id}`;
  time.now += 60_000;
  cdn.etag = "new";
  expect(await says(path)).toContain("Not checked yet");
  expect(await view(watching(), path)).toContain("data-refresh-seconds");
  await untilChecked();

  const page = await says(path);
  expect(page).toContain("New image served");
  expect(page).toMatch(/Fingerprint etag old etag new/);
  expect(page).toMatch(/Timeline .*Edge check: the CDN serves a new image/);
  expect(page).toContain("other locations and formats were not looked at");
  expect(await view(watching(), path)).not.toContain("data-refresh-seconds");
});

test("a purge that ran before its upload says what to look at", async () => {
  const batch = await purge(["shoe.jpg"]);
  await untilChecked();
  expect(await says(`/purges/${batch.purges[0].id}`)).toMatch(
    /Same image as before .*Check that the new image was uploaded to this path before the purge/,
  );
});

/** One purge whose old copy the CDN keeps. */
async function stale() {
  watching().cdn.clears = false;
  const batch = await purge(["shoe.jpg", "boot.jpg"]);
  await untilChecked();
  return batch;
}

test("an old copy that is still served can be purged again for its price, or sent to support with the evidence", async () => {
  const batch = await stale();
  const [{ id, url }] = batch.purges;
  const html = await view(watching(), `/purges/${id}`, tokens.purge);
  const page = await says(`/purges/${id}`, tokens.purge);
  expect(page).toContain("The old copy is still served.");
  expect(page.match(/again for 1 unit/g)).toHaveLength(1);
  expect(html).toMatch(new RegExp(`action="/new"[^>]*>\\s*<input type="hidden" name="urls" value="${url}"`));
  expect(page).toMatch(/URL that was read: .*before the purge: .*etag old.*after Completed: .*etag old/);
  expect(html).toContain("mailto:support@imagekit.io?subject=");
});

test("a batch counts what was seen, marks each line, and offers all stale ones together", async () => {
  const batch = await stale();
  const page = await says(`/batches/${batch.id}`, tokens.purge);
  expect(page).toContain("Seen at the CDN: 2 old copies still served");
  expect(page).toContain("The old copies of 2 URLs are still served.");
  expect(page).toContain("Purge them again for 2 units");
  // On each line.
  expect(page.match(/Old copy still served/g)).toHaveLength(2);
});

test("somebody who may not purge is told whom to ask", async () => {
  const batch = await stale();
  const page = await says(`/batches/${batch.id}`, tokens.read);
  expect(page).toContain("ask someone whose token may purge");
  expect(page).not.toContain("again for");
});

test("a stale purge is an alarm on other pages and in health, until an admin closes it", async () => {
  const batch = await stale();
  const [first, second] = batch.purges;
  // The ledger was emptied before this test, which is an alarm of its own until the spending is stated.
  const correction = { external: 0, reason: "begun anew" };
  await watching().app.call("/api/budget/corrections", {
    method: "POST",
    token: tokens.admin,
    json: correction,
  });
  expect(await says("/budget", tokens.admin)).toMatch(/See health/);
  expect(await says(`/purges/${first.id}`, tokens.admin)).not.toMatch(/See health/);
  const health = await view(watching(), "/health", tokens.admin);
  expect(health).toContain("An old image is still served after its purge");
  expect(health).toContain('href="/?edge=stale"');

  const Cookie = await sessionCookie(watching().app, tokens.admin);
  for (const { id } of [first, second]) {
    const closed = await request(watching(), `/purges/${id}/close`, {}, { Cookie });
    expect(closed.status).toBe(303);
    const page = await says(closed.headers.get("Location") ?? "", tokens.admin);
    expect(page).toContain("Closed. It is no longer an alarm");
    // What was seen stays, and is over.
    expect(page).toContain("Old copy was still served");
    expect(page).not.toContain("is still served");
  }
  expect(await says("/budget", tokens.admin)).not.toMatch(/See health/);
});

test("once the URL was purged again, the old copy was served, and nothing is offered for it any more", async () => {
  const { cdn, app } = watching();
  const first = await stale();
  const path = `/purges/${first.purges[0].id}`;
  expect(await says("/?edge=stale")).toMatch(/2 purges for ImageKit’s support/);
  cdn.clears = true;
  cdn.etag = "new";
  const second = await purge(["shoe.jpg", "boot.jpg"], tokens.admin);
  await untilChecked();
  expect(await says(`/batches/${second.id}`)).toContain("Seen at the CDN: 2 new images served");

  const page = await says(path, tokens.purge);
  expect(page).toContain("Old copy was still served");
  expect(page).toMatch(/The old copy was still served .*Nothing to do now/);
  const batch = await says(`/batches/${first.id}`, tokens.purge);
  expect(batch).toContain("Seen at the CDN: 2 old copies were still served");
  for (const text of [page, batch]) expect(text).not.toMatch(/(?:is|are) still served/);
  for (const shown of [path, `/batches/${first.id}`, "/?edge=stale"]) {
    const html = await view(watching(), shown, tokens.purge);
    expect(html, shown).not.toMatch(/mailto:|id="still-stale"/);
  }
  const { body } = await app.call(`/api${path}`, { token: tokens.read });
  expect(body).toMatchObject({ edge: { outcome: "stale" }, support: null });
  expect(body.edge.message).toMatch(/^The old copy was still served at 2026-/);
});

test("the list says what was seen, keeps what is not proven fresh, and names the filter", async () => {
  const { cdn } = watching();
  await stale();
  cdn.restart();
  const batch = await purge(["hat.jpg"]);
  cdn.etag = "new";
  await untilChecked();
  const all = await says("/");
  expect(all).toContain("New image served");
  expect(all).toContain("Old copy still served");

  const rows = async (query: string) => (await view(watching(), query)).match(/class="request-row"/g)?.length;
  expect(await rows("/")).toBe(3);
  expect(await rows("/?edge=unproven")).toBe(2);
  expect(await rows("/?edge=fresh")).toBe(1);
  expect(await view(watching(), "/?edge=fresh")).toContain(batch.purges[0].id);
  expect(await says("/?edge=unproven")).toContain("Remove the filter: Not proven fresh");
  expect(await says("/?edge=melted")).toContain("There is no edge check result called “melted”");
  // One mail for all that the list shows.
  expect(await says("/?edge=stale")).toMatch(/2 purges for ImageKit’s support/);
});

test("the file of requests has what was seen and when", async () => {
  watching().cdn.etag = "old";
  await purge(["shoe.jpg"]);
  await untilChecked();
  const Cookie = await sessionCookie(watching().app, tokens.read);
  const csv = await (await request(watching(), "/requests.csv?edge=unchanged", undefined, { Cookie })).text();
  const [head = "", row = ""] = csv.split("\r\n");
  const value = (column: string) => row.split(",")[head.replace("\ufeff", "").split(",").indexOf(column)];
  expect(value("edge")).toBe("unchanged");
  expect(value("edge_checked_at")).toMatch(/^2026-11-24T/);
});

test("nothing about the CDN is shown of a purge that is not checked", async () => {
  const batch = await purge(["campaigns/sale/*"], tokens.admin);
  await untilChecked();
  const page = await says(`/purges/${batch.purges[0].id}`);
  expect(page).toContain("ImageKit said Completed.");
  expect(page).not.toContain("What the CDN serves");
  expect(await says(`/batches/${batch.id}`)).not.toContain("Seen at the CDN");
});
