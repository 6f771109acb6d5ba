import type { Config, Context } from "@netlify/functions";
import { readConfig } from "../../src/config.ts";
import { runSweep } from "../../src/http/run-sweep.ts";
import { hostResolver } from "../../src/local/resolve-host.ts";
import { createLog, createServices } from "../../src/services.ts";

/** Created once per instance, as in api.ts. */
const reading = readConfig(process.env);
const services =
  "config" in reading ? createServices(reading.config, { resolveHost: hostResolver() }) : undefined;
const log = services?.log ?? createLog();

export default async (request: Request, context: Context): Promise<Response> => {
  if (services !== undefined) return runSweep(services, request, context);
  log("misconfigured", { problems: "problems" in reading ? reading.problems : [] });
  return new Response(null, { status: 503 });
};

/** Every minute. Netlify may call it twice or not at all; the sweep copes with both. */
export const config: Config = { schedule: "* * * * *" };
