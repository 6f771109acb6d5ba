import { afterAll, beforeAll, expect, test } from "vitest";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "./session.ts";

const basePath = "/_purge";
let app: TestApp;
let Cookie: string;

beforeAll(async () => {
  app = await startApp({ env: { ...sessionSecret, PURGE_MONTHLY_QUOTA: "6" }, app: { basePath } });
  Cookie = await sessionCookie(app, tokens.admin);
  await fillTheDesk();
});
afterAll(() => app.close());

/** Something for each page to link to: purges in several states, a batch of images, a profile, what is wrong. */
async function fillTheDesk(): Promise<void> {
  const json = {
    paths: ["/products/"],
    endpoints: ["https://ik.imagekit.io/demo"],
    transformations: ["tr:w-400"],
  };
  const headers = { "If-None-Match": "*" };
  await app.call("/api/profiles/shop", { method: "PUT", token: tokens.admin, json, headers });
  const submit = (body: object) =>
    app.call("/api/purges", { method: "POST", token: tokens.purge, json: { onExhausted: "hold", ...body } });
  await submit({ images: ["/products/shoe.jpg"] });
  app.imagekit.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  await submit({ urls: ["https://ik.imagekit.io/demo/lost.jpg"] });
  app.imagekit.answer = accepting("Pending");
  await submit({ urls: [1, 2, 3, 4, 5].map((each) => `https://ik.imagekit.io/demo/${each}.jpg`) });
}

/** Addresses in the page's attributes that a browser would open, send to or load: those of this site. */
function addressesIn(page: string): readonly string[] {
  const attributes = page.matchAll(/\s(href|src|action|formaction|poster|data-[\w-]*url)="([^"]*)"/g);
  return [...attributes]
    .map(([, , address = ""]) => address.replaceAll("&amp;", "&"))
    .filter((address) => !/^(?:#|[a-z]+:|https:\/\/(?!purge\.test))/.test(address))
    .map((address) => address.replace("https://purge.test", ""));
}

function isBelow(address: string): boolean {
  return /^\/_purge(?:[/?#]|$)/.test(address);
}

test("below a base path, every link, form and file of every page stays below it, and every link leads to a page", async () => {
  const found = new Map<string, string>();
  const dead: string[] = [];
  const toVisit = ["", "/sign-in", "/nowhere", "/api/docs"];
  const visited = new Set<string>();
  for (let path = toVisit.shift(); path !== undefined; path = toVisit.shift()) {
    // One page of a kind: the same list with other filters has the same links.
    const kind = path.replace(/[#?].*$/s, "");
    if (visited.has(kind)) continue;
    visited.add(kind);
    const answer = await app.call(path, { headers: { Cookie, Accept: "text/html" } });
    const location = answer.headers.get("Location");
    if (location !== null) found.set(location, path);
    if (answer.status === 404 && path !== "/nowhere") dead.push(path);
    const addresses = [...addressesIn(answer.text), ...(location === null ? [] : [location])];
    for (const address of addresses) {
      found.set(address, path);
      const [next = ""] = address.slice(basePath.length).split("#");
      const isPage = isBelow(address) && !/^\/assets\/|^\/sign-out|\/(?:try|delete|learn)$/.test(next);
      if (isPage && !/\/(?:cancel|resend|close)$/.test(next)) toVisit.push(next);
    }
  }
  expect([...found].filter(([address]) => !isBelow(address))).toEqual([]);
  expect(dead).toEqual([]);
  expect([...visited]).toEqual(
    expect.arrayContaining(["", "/new", "/profiles", "/profiles/edit", "/budget", "/health"]),
  );
  const kinds = [...visited].map((path) => path.replace(/[bp]_\w+$/, ":id"));
  expect(kinds).toEqual(expect.arrayContaining(["/batches/:id", "/purges/:id"]));
  const actions = [...found.keys()].filter((address) =>
    /\/(?:cancel|resend|close|sign-out|try)$/.test(address),
  );
  expect(actions.length).toBeGreaterThan(3);
});

test("below a base path, signing in leads to a page below it, and no cookie is for the rest of the site", async () => {
  const signedIn = await postForm(app, "/sign-in", {
    fields: { token: tokens.read, next: "/_purge/budget" },
  });
  expect([signedIn.status, signedIn.headers.get("Location")]).toEqual([303, "/_purge/budget"]);
  const signedOut = await postForm(app, "/sign-out", { Cookie });
  const cookies = [...signedIn.headers.getSetCookie(), ...signedOut.headers.getSetCookie()];
  expect(cookies.length).toBeGreaterThan(1);
  expect(cookies.filter((cookie) => !cookie.includes("Path=/_purge"))).toEqual([]);
});

test("below a base path, a stranger who opens a page is led back to it after signing in", async () => {
  const answer = await app.call("/budget", { headers: { Accept: "text/html" } });
  const addresses = [answer.headers.get("Location"), ...addressesIn(answer.text)].filter(
    (each) => each !== null,
  );
  expect(addresses.filter((address) => !isBelow(address))).toEqual([]);
});
