import { readConfig } from "../config.ts";
import { createApp } from "../http/app.ts";
import { runSweep } from "../http/run-sweep.ts";
import { createServices } from "../services.ts";
import { startSimulatedImageKit } from "./imagekit/simulated-imagekit.ts";
import type { Compose, StartImageKit } from "./run-local.ts";

/** The service as `npm start` runs it: the same app and sweep as on Netlify. Live is what the settings say is. */
export const compose: Compose = (settings) => {
  const reading = readConfig(settings);
  if ("problems" in reading) return reading;
  const services = createServices(reading.config);
  const live = () => true;
  const app = createApp(services, { live });
  return {
    fetch: (request, platform) => app.fetch(request, platform),
    sweep: () => runSweep(services, new Request("http://sweep.local/", { method: "POST" }), {}, live),
  };
};

export const startImageKit: StartImageKit = () => startSimulatedImageKit();
