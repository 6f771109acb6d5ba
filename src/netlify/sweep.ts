import { readConfig } from "../config.ts";
import { runSweep } from "../http/run-sweep.ts";
import { createNodeServices } from "../local/node-services.ts";
import { createLog } from "../services.ts";
import type { NetlifyFunction } from "./netlify-function.ts";

/** The scheduled sweep, which sends and polls whatever is due. */
export function sweepFunction(): NetlifyFunction {
  const reading = readConfig(process.env);
  if ("problems" in reading) {
    const { problems } = reading;
    const log = createLog();
    return async function misconfigured() {
      log("misconfigured", { problems });
      return new Response(null, { status: 503 });
    };
  }
  const services = createNodeServices(reading.config);
  return (request, context) => runSweep(services, request, context);
}
