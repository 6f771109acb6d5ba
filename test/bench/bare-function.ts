import { Redis } from "@upstash/redis/cloudflare";
import { Hono } from "hono";

/** The smallest function over Upstash to compare with: a Hono app whose only route makes one EVAL. */
const redis = new Redis({
  url: process.env["UPSTASH_REDIS_REST_URL"] ?? "",
  token: process.env["UPSTASH_REDIS_REST_TOKEN"] ?? "",
});
const app = new Hono().get("/api/budget", async (c) =>
  c.json(await redis.eval("return redis.call('GET', KEYS[1]) or 'none'", ["bare"], [])),
);

export default (request: Request) => app.fetch(request);
