import { afterAll, beforeAll, beforeEach } from "vitest";
import { startApp, type TestApp, tokens } from "./app.ts";

export const endpoint = "https://ik.imagekit.io/demo";
export const custom = "https://images.shop.example";

/** A profile in which an image costs three units. */
export const shop = { paths: ["/products/"], endpoints: [endpoint], transformations: ["tr:w-{400,640}"] };

/** An app with two URL endpoints for all tests of a file. Each begins without profiles. */
export function serveProfiles() {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ env: { IMAGEKIT_URL_ENDPOINTS: `${endpoint},${custom}` } });
  });
  beforeEach(() => app.redis.flush());
  afterAll(() => app.close());
  return {
    get desk() {
      return app;
    },
    put: (json: unknown, headers: Record<string, string> = {}, name = "shop") =>
      app.call(`/api/profiles/${name}`, { method: "PUT", token: tokens.admin, json, headers }),
    remove: (headers: Record<string, string> = {}, name = "shop") =>
      app.call(`/api/profiles/${name}`, { method: "DELETE", token: tokens.admin, headers }),
    list: async () => (await app.call("/api/profiles", { token: tokens.read })).body,
  };
}
