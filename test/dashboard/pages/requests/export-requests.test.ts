import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { exportRequests } from "../../../../src/dashboard/pages/requests/export-requests.ts";
import { signed, tokens } from "../../../support/app.ts";
import { beginAnew, startWatching, submit, type Watching } from "../../app-with-purges.ts";
import { sessionCookie } from "../../session.ts";

let watching: Watching;
beforeAll(async () => {
  watching = await startWatching();
});
beforeEach(() => beginAnew(watching));
afterAll(() => watching.app.close());

async function download(query = "") {
  const Cookie = await sessionCookie(watching.app, tokens.read);
  return watching.app.call(`/requests.csv${query}`, { headers: { Cookie } });
}

/** The records of a CSV file, as RFC 4180 reads them. */
function parse(csv: string): readonly (readonly string[])[] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = "", end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") records.push([]);
  }
  return records.slice(0, -1);
}

test("what the filters keep can be had as CSV, with the same columns in every row", async () => {
  await submit(watching, ["a.jpg", "b.jpg"], { reason: 'line one\nand "two", three' });
  await submit(watching, ["other.jpg"], {}, tokens.other);
  const { status, headers, text } = await download("?actor=purge-actor");
  expect(status).toBe(200);
  expect(headers.get("Content-Type")).toBe("text/csv; charset=utf-8; header=present");
  expect(headers.get("Content-Disposition")).toMatch(
    /^attachment; filename="purge-requests-\d{4}-\d\d-\d\d\.csv"$/,
  );
  const [names = [], ...rows] = parse(text);
  expect(rows.map((row) => row.length)).toEqual([names.length, names.length]);
  const byName = rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])));
  expect(byName).toMatchObject([
    { url: "https://ik.imagekit.io/demo/b.jpg", state: "pending", actor: "purge-actor", units: "1" },
    { url: "https://ik.imagekit.io/demo/a.jpg", reason: 'line one\nand "two", three', ended_at: "" },
  ]);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.test")'])(
  "a spreadsheet takes the reason %j for text, not for a formula",
  async (reason) => {
    await submit(watching, ["a.jpg"], { reason });
    const [, row = []] = parse((await download()).text);
    expect(row).toContain(`'${reason}`);
  },
);

test("a signature is not in the exported file", async () => {
  await submit(watching, [signed]);
  const { text } = await download();
  expect(text).toContain("ik-s=masked");
  expect(text).not.toContain("0123456789abcdef");
});

test("an export that ends early says so in its last row, and where to go on", async () => {
  const { services } = watching.app;
  await submit(watching, ["a.jpg"]);
  const { purges } = await services.ledger.listPurges({ limit: 1 });
  const [purge] = purges;
  if (purge === undefined) throw new Error("nothing is listed");
  let asked = 0;
  const ledger = {
    ...services.ledger,
    listPurges: async ({ limit }: { readonly limit: number }) => {
      asked += limit;
      const next = { createdAt: purge.createdAt, id: purge.id };
      return { purges: Array.from({ length: limit }, () => purge), next };
    },
  };
  const csv = await exportRequests({ ...services, ledger }, {});
  // The byte order mark, by which Excel recognises UTF-8.
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  const rows = parse(csv.slice(1));
  expect([asked, rows.length]).toEqual([5_000, 5_002]);
  expect(rows.at(-1)).toEqual([
    "Older than 2026-11-24T14:02:10.000Z: not in this file. Set a last day to export those.",
  ]);
});
