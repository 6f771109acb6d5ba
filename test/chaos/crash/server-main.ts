import { serve } from "@hono/node-server";
import * as z from "zod";
import { type Clock, systemClock } from "../../../src/domain/time.ts";
import { apiRoutes } from "../../../src/http/api-routes.ts";
import { createApp } from "../../../src/http/app.ts";
import { runSweep } from "../../../src/http/run-sweep.ts";
import { servicesUnderTest } from "../services-under-test.ts";

/**
 * A whole server in its own process, to be killed: the app, and `POST /sweep` in place of the schedule. Its parent moves
 * its time, and can ask to be told of a call to ImageKit or its CDN before it is sent or once its answer is there.
 */
const order = z.union([
  z.object({ aheadMs: z.number() }),
  z.object({ stopAt: z.enum(["before-call", "after-call"]).nullable(), of: z.enum(["POST", "GET", "HEAD"]) }),
]);

let aheadMs = 0;
let stop: { readonly at: "before-call" | "after-call"; readonly of: string } | undefined;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };

/** Tells the parent and never continues: the parent kills this process. */
function stopHere(at: "before-call" | "after-call"): Promise<never> {
  process.send?.({ stoppedAt: at });
  return new Promise(() => undefined);
}

const services = servicesUnderTest(process.env, {
  clock,
  now: clock.now,
  writeLog: () => undefined,
  fetch: async (input, init) => {
    const isMeant = stop !== undefined && stop.of === (init?.method ?? "GET");
    if (isMeant && stop?.at === "before-call") await stopHere("before-call");
    const response = await fetch(input, init);
    if (isMeant && stop?.at === "after-call") await stopHere("after-call");
    return response;
  },
});
const app = createApp(services, [apiRoutes]);

process.on("message", (message) => {
  const read = order.parse(message);
  if ("aheadMs" in read) aheadMs = read.aheadMs;
  else stop = read.stopAt === null ? undefined : { at: read.stopAt, of: read.of };
  process.send?.({ done: true });
});
process.on("disconnect", () => process.exit(0));

const server = serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => {
    const isSweep = new URL(request.url).pathname === "/sweep";
    return isSweep ? runSweep(services, request, {}) : app.fetch(request, {});
  },
});
server.on("listening", () => {
  process.send?.({ port: z.object({ port: z.number() }).parse(server.address()).port });
});
