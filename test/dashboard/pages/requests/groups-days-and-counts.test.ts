import { describe, expect, test } from "vitest";
import { accepting, tokens } from "../../../support/app.ts";
import { listApp, rowsOf } from "./list-app.ts";

describe("working with the list of requests", () => {
  const { read, submit, time, app } = listApp();

  test("each row leads to its batch, and rows of a batch can stand together", async () => {
    await submit(
      ["https://ik.imagekit.io/demo/grouped/1.jpg", "https://ik.imagekit.io/demo/grouped/2.jpg"],
      "A",
    );
    await submit(["https://ik.imagekit.io/demo/grouped/3.jpg"], "B");
    const flat = (await read("/?q=grouped")).html;
    const batches = Array.from(flat.matchAll(/href="\/batches\/(b_\w+)"/g), ([, id]) => id);
    expect(new Set(batches.slice(1)).size).toBe(1);
    expect(batches[0]).not.toBe(batches[1]);
    const { html } = await read("/?q=grouped&group=batch");
    expect(html.match(/class="batch-row"/g)).toHaveLength(2);
    expect(html).toMatch(
      /Batch of admin-actor<\/a>: <bdi dir="auto">A<\/bdi> <span class="quiet">· 2 requests here/,
    );
    expect(rowsOf(html)).toBe(3);
    // The grouping stays while filters go.
    expect(html).toContain(`class="pill" href="/?group=batch"`);
  });

  test("requests can be kept by a first and a last day", async () => {
    const noon = time.now;
    for (const day of ["03", "04", "05"]) {
      time.now = Date.parse(`2026-11-${day}T23:59:59.999Z`);
      await submit([`https://ik.imagekit.io/demo/days/${day}.jpg`]);
    }
    time.now = noon;
    const days = async (query: string) => {
      const { html } = await read(`/?q=days/&${query}`);
      return Array.from(html.matchAll(/days\/(\d\d)\.jpg">/g), ([, day]) => day);
    };
    expect(await days("from=2026-11-04")).toEqual(["05", "04"]);
    expect(await days("to=2026-11-04")).toEqual(["04", "03"]);
    expect(await days("from=2026-11-04&to=2026-11-04")).toEqual(["04"]);
    expect(await days("from=2026-11-06&to=2026-11-04")).toEqual([]);
    expect(await days("month=2026-11&from=2026-11-04")).toEqual(["05", "04"]);
    expect((await read("/?from=2026-02-30")).html).toContain("“2026-02-30” is not a date");
  });

  test("the list and the Health tab count what is open and needs attention", async () => {
    const { ledger } = app().services;
    const { external, available } = await ledger.readBudget();
    await ledger.correct({ external: external + available, actor: "admin" });
    const json = { urls: ["https://ik.imagekit.io/demo/attention/held.jpg"], onExhausted: "hold" };
    await app().call("/api/purges", { method: "POST", token: tokens.admin, json });
    const { html } = await read("/?q=attention");
    expect(html).toMatch(/<a class="pill state held" href="\/\?state=held">.*?1 held<\/a>/);
    expect(html).toMatch(/id="health-count" class="count">1<span class="visually-hidden"> need attention/);
    expect(html).toMatch(/href="\/\?state=open">\d+ open<\/a>/);
    expect(rowsOf((await read("/?q=attention&state=open")).html)).toBe(1);
    await ledger.correct({ external, actor: "admin" });
  });

  test("all overdue requests of the list share one mail to ImageKit's support", async () => {
    await submit(["https://ik.imagekit.io/demo/late/1.jpg", "https://ik.imagekit.io/demo/late/2.jpg"]);
    app().imagekit.answer = () => Response.json({ status: "Pending" });
    time.now += 16 * 60_000;
    await read(`/?q=demo/late&until=${time.now}`);
    const { html } = await read("/?q=demo/late&state=overdue");
    expect(html).toContain("2 purges for ImageKit’s support");
    expect(html.match(/request id: ik/g)).toHaveLength(2);
    app().imagekit.answer = accepting();
    expect((await read("/?q=demo/late")).html).not.toContain("ImageKit’s support");
  });
});
