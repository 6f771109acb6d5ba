import { afterAll, beforeAll, beforeEach } from "vitest";
import { accepting, type CallInit, startApp, type TestApp, tokens } from "./app.ts";
import { midNovember } from "./test-ledger.ts";

export const base = "https://ik.imagekit.io/demo";
export const custom = "https://images.shop.example";

/** The profile of a shop in which an image costs eight units. */
export const shop = {
  paths: ["/products/"],
  endpoints: [base, custom],
  transformations: ["tr:w-400", "tr:w-{640,750}"],
};

/** What clears an image of this shop: at two endpoints, the original and three path transformations. */
export function targetsOf(path: string): string[] {
  return [base, custom].flatMap((endpoint) =>
    ["", "/tr:w-400", "/tr:w-640", "/tr:w-750"].map(
      (transformation) => `${endpoint}${transformation}${path}*`,
    ),
  );
}

/** An app for all tests of a file. Before each of them its ledger has nothing but the profile of this shop. */
export function serveImageShop() {
  /** The clock of the app and the ledger; a test moves it. */
  const time = { now: midNovember };
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ env: { IMAGEKIT_URL_ENDPOINTS: `${base},${custom}` }, time });
  });
  beforeEach(async () => {
    time.now = midNovember;
    await app.redis.flush();
    app.imagekit.purged.length = 0;
    app.imagekit.answer = accepting();
    await putProfile("shop", shop);
  });
  afterAll(() => app.close());

  const putProfile = (name: string, json: unknown, headers: Record<string, string> = {}) =>
    app.call(`/api/profiles/${name}`, { method: "PUT", token: tokens.admin, json, headers });
  return {
    time,
    get desk() {
      return app;
    },
    putProfile,
    plan: (json: unknown, token: string = tokens.read) =>
      app.call("/api/plan", { method: "POST", token, json }),
    submit: (json: unknown, init: CallInit = {}) =>
      app.call("/api/purges", { method: "POST", token: tokens.purge, json, ...init }),
    /** The URLs that ImageKit got, sorted. */
    purged: (): readonly string[] => app.imagekit.purged.map((body) => JSON.parse(body).url).sort(),
    spent: async (): Promise<number> => (await app.call("/api/budget", { token: tokens.read })).body.spent,
  };
}
