/** One server process: the app on a loopback port. It tells its parent the port, and its memory when asked. */

import { serve } from "@hono/node-server";
import { readConfig } from "../../src/config.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import { createServices } from "../../src/services.ts";

const reading = readConfig(process.env);
if ("problems" in reading) throw new Error(reading.problems.join("; "));
const app = createApp(createServices(reading.config), [apiRoutes]);
const background = new Set<Promise<unknown>>();
const waitUntil = (work: Promise<unknown>) => {
  background.add(work);
  void work.finally(() => background.delete(work));
};

serve({ fetch: (request) => app.fetch(request, { waitUntil }), hostname: "127.0.0.1", port: 0 }, ({ port }) =>
  process.send?.({ port }),
);
process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapMegabytes: heapUsed / 1e6, rssMegabytes: rss / 1e6 });
});
process.on("disconnect", () => process.exit());
