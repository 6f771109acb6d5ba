import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const endpoint = "https://ik.imagekit.io/demo";
const widths = (count: number, width: number) =>
  Array.from({ length: count }, (_, n) => `<img src="${endpoint}/tr:w-${width}/products/shoe-${n}.jpg">`);
const page = [...widths(40, 400), ...widths(30, 800), ...widths(1, 13)].join("\n");

/** Fields of the first profile of the form. */
const profileFields = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`profile.0.${name}`, value]));

const shop = {
  was: "",
  version: "0",
  name: "shop",
  paths: "/products/",
  "endpoint.0": endpoint,
  transformations: "tr:w-400\ntr:w-{640,750},c-at_max",
};

describe("the profiles", () => {
  let app: TestApp;
  let Cookie = "";
  beforeAll(async () => {
    app = await startApp({ env: { ...sessionSecret, IMAGEKIT_URL_ENDPOINTS: endpoint } });
    Cookie = await sessionCookie(app, tokens.admin);
  });
  beforeEach(() => app.redis.flush());
  afterAll(() => app.close());

  const view = async (path: string, cookie = Cookie) =>
    (await app.call(path, { headers: { Cookie: cookie } })).text;
  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    postForm(app, path, { fields, Cookie });
  const save = (fields: Readonly<Record<string, string>>, intent = "save") =>
    post("/profiles/edit", { ...profileFields(fields), intent });
  const stored = async () => (await app.services.ledger.readProfiles()).profiles;

  test("before the first profile the page begins with learning from a text", async () => {
    const text = await view("/profiles");
    expect(text.indexOf("Paste a product page")).toBeLessThan(text.indexOf("No profiles yet"));
  });

  test("what a text shows is counted and priced, a stray one not ticked, and nothing is stored until it is saved", async () => {
    const { status, text } = await post("/profiles/learn", { text: page });
    expect(status).toBe(200);
    expect(text).toContain("71 image URLs found");
    expect(text).toContain('<code class="target">tr:w-400</code> <span class="quiet">40 times</span>');
    expect(text).toMatch(/value="tr:w-800" checked=""/);
    expect(text).toMatch(/value="tr:w-13" data-transformation/);
    expect(text).toContain("3 units an image; 1 if pages used ?tr=");
    expect(await stored()).toEqual([]);
  });

  test("the form of what was found can be saved as it came, and then leads to the list with its price", async () => {
    const { text } = await post("/profiles/learn", { text: page });
    const { status, headers } = await post("/profiles/edit", { ...fieldsOf(text), intent: "save" });
    expect([status, headers.get("Location")]).toEqual([303, "/profiles?done=saved"]);
    expect(await stored()).toMatchObject([
      { endpoints: [endpoint], transformations: ["tr:w-{400,800}"], changedBy: "admin-actor" },
    ]);
    const list = await view("/profiles?done=saved");
    expect(list).toContain("3 units an image; 1 if pages used ?tr=");
    expect(list).toContain("created, paths");
  });

  test("what is found for a path that has a profile is added to that profile, and nothing of it goes", async () => {
    await save({ ...shop, paths: "/", transformations: "tr:w-400\ntr:n-thumb" });
    const { text } = await post("/profiles/learn", { text: page });
    expect(text).toContain("Profile shop");
    expect(text).toMatch(
      /value="tr:n-thumb" checked=""[^>]*\/><span><code[^>]*>tr:n-thumb<\/code> <span class="quiet">not found/,
    );
    await post("/profiles/edit", { ...fieldsOf(text), intent: "save" });
    const [profile] = await stored();
    expect(profile?.transformations.join()).toContain("tr:n-thumb");
    expect(profile?.transformations.join()).toContain("{400,800}");
    expect(await view("/profiles")).toContain("added tr:w-{400,800}");
  });

  test.each([
    ["nothing", "", "Paste a text first."],
    ["a text without its URLs", "<p>hello</p>", "There is no image URL in it"],
  ])("learning from %s says so, and keeps the text", async (_, given, words) => {
    const { status, text } = await post("/profiles/learn", { text: given });
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).toContain(given.replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
  });

  test("checking shows the price of what was typed, and stores nothing", async () => {
    const { status, text } = await save(shop, "check");
    expect(status).toBe(200);
    expect(text).toContain("4 units an image; 1 if pages used ?tr=");
    expect(await stored()).toEqual([]);
  });

  test.each([
    ["name", { name: "My Shop" }, "name-0-problem"],
    ["paths", { paths: "" }, "paths-0-problem"],
    ["endpoints", { "endpoint.0": "https://elsewhere.example" }, "endpoints-0-problem"],
    ["transformations", { transformations: "w-400" }, "transformations-0-problem"],
  ])("a profile with bad %s is refused at that field, and what was typed stays", async (_, bad, at) => {
    const { status, text } = await save({ ...shop, ...bad });
    expect(status).toBe(422);
    expect(text).toContain(`class="field-problem" id="${at}"`);
    expect(text).toContain(Object.values(bad)[0]);
    expect(await stored()).toEqual([]);
  });

  test("of several profiles either all are saved or none", async () => {
    const second = Object.fromEntries(
      Object.entries({ ...shop, name: "second" }).map(([name, value]) => [`profile.1.${name}`, value]),
    );
    const fields = { ...profileFields(shop), ...second, learned: "yes", intent: "save" };
    const { status, text } = await post("/profiles/edit", fields);
    expect(status).toBe(422);
    expect(text).toContain("paths-1-problem");
    expect(await stored()).toEqual([]);
    await post("/profiles/edit", { ...fields, "profile.1.wanted": "no" });
    expect((await stored()).map(({ name }) => name)).toEqual(["shop"]);
  });

  test("of two admins the later one sees who changed the profile, and the current one beside theirs", async () => {
    await save(shop);
    const form = fieldsOf(await view("/profiles/edit?name=shop"));
    const first = { ...form, "profile.0.transformations": "tr:w-100", intent: "save" };
    expect((await post("/profiles/edit", first)).status).toBe(303);

    const later = { ...form, "profile.0.transformations": "tr:w-200", intent: "save" };
    const { status, text } = await post("/profiles/edit", later);
    expect(status).toBe(412);
    expect(text).toMatch(/This profile was not saved\.<\/strong> admin-actor changed it on <time/);
    expect(text.indexOf("tr:w-100")).toBeLessThan(text.indexOf("tr:w-200"));
    expect((await stored())[0]?.transformations).toEqual(["tr:w-100"]);

    expect((await post("/profiles/edit", { ...fieldsOf(text), intent: "save" })).status).toBe(303);
    expect((await stored())[0]?.transformations).toEqual(["tr:w-200"]);
  });

  test("a new profile never replaces one of its name", async () => {
    await save(shop);
    const { status, text } = await save({ ...shop, paths: "/other/", transformations: "" });
    expect(status).toBe(422);
    expect(text).toContain("There is a profile of this name already.");
    expect((await stored())[0]?.paths).toEqual(["/products/"]);
  });

  test("deleting needs the version that was seen, and is written in the history", async () => {
    await save(shop);
    const [before] = await stored();
    await save({ ...shop, was: "shop", version: String(before?.version), transformations: "tr:w-1" });
    const old = await post("/profiles/delete", { name: "shop", version: String(before?.version) });
    expect([old.status, old.text]).toEqual([412, expect.stringContaining("Nothing was deleted")]);

    const [now] = await stored();
    const { status } = await post("/profiles/delete", { name: "shop", version: String(now?.version) });
    expect(status).toBe(303);
    expect(await stored()).toEqual([]);
    expect(await view("/profiles")).toContain("deleted, paths");
  });

  test("people who may only read see profiles and what a text shows, and whom to ask", async () => {
    await save(shop);
    const reading = await sessionCookie(app, tokens.read);
    const list = await view("/profiles", reading);
    expect(list).toContain("To change a profile, ask an admin.");
    expect(list).not.toMatch(/Delete<|Edit</);
    const learned = await postForm(app, "/profiles/learn", { fields: { text: page }, Cookie: reading });
    expect(learned.text).toContain("40 times");
    expect(learned.text).not.toContain('value="save"');
  });
});

/** What a browser posts of the form on this page: the profile form, if there is one. */
function fieldsOf(html: string): Record<string, string> {
  const [, form = ""] = /<form[^>]*data-profile-form[^>]*>(.*?)<\/form>/s.exec(html) ?? [];
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const [, name = ""] = / name="([^"]*)"/.exec(input) ?? [];
    const [, value = ""] = / value="([^"]*)"/.exec(input) ?? [];
    const isChoice = /type="(?:checkbox|radio)"/.test(input);
    if (name !== "" && (!isChoice || input.includes("checked"))) fields[name] = value;
  }
  for (const [, name = "", text = ""] of form.matchAll(
    /<textarea[^>]* name="([^"]*)"[^>]*>(.*?)<\/textarea>/gs,
  )) {
    fields[name] = text.replace(/^\n/, "");
  }
  return fields;
}
