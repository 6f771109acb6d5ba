import type { Config } from "@netlify/functions";
import { apiFunction } from "../../src/netlify/api.ts";

export default apiFunction();

/**
 * Netlify rejects an address after 300 requests a minute, before the function runs. That limits the function time that an
 * attacker can use, and no storefront's back end makes 5 calls a second.
 */
export const config: Config = {
  path: ["/api/*", "/v1/*", "/v2/*"],
  rateLimit: { windowSize: 60, windowLimit: 300, aggregateBy: ["ip", "domain"] },
};
