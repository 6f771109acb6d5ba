import type { Config, Context } from "@netlify/functions";
import { readConfig } from "../../src/config.ts";
import { runSweep } from "../../src/http/run-sweep.ts";
import { createLog, createServices } from "../../src/services.ts";

/** Once a module load, as in api.ts. */
const reading = readConfig(process.env);
const services = "config" in reading ? createServices(reading.config) : undefined;
const log = services?.log ?? createLog();

export default async (request: Request, context: Context): Promise<Response> => {
  if (services !== undefined) return runSweep(services, request, context);
  log("misconfigured", { problems: "problems" in reading ? reading.problems : [] });
  return new Response(null, { status: 503 });
};

/** Each minute; Netlify may fire twice or not at all, and the sweep is made for both. */
export const config: Config = { schedule: "* * * * *" };
