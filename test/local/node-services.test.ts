import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createNodeServices } from "../../src/local/node-services.ts";

test("on Node a CDN's host is looked up by the lookup that refuses private addresses, not by fetch", async () => {
  const reading = readConfig({
    IMAGEKIT_PRIVATE_KEY: "private_key",
    IMAGEKIT_URL_ENDPOINTS: "https://images.shop.invalid",
    UPSTASH_REDIS_REST_URL: "https://redis.shop.invalid",
    UPSTASH_REDIS_REST_TOKEN: "token",
    PURGE_TOKENS: `shop:purge:${"ab".repeat(32)}`,
  });
  if ("problems" in reading) throw new Error(reading.problems.join());
  const { edge } = createNodeServices(reading.config);
  const { problem } = await edge.read("https://images.shop.invalid/a.jpg", () => 0);
  // Fetch would say "getaddrinfo"; where no name server answers, the time is over first.
  expect(problem).toMatch(/^queryA|^no answer within 3 s/);
});
