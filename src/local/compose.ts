import { randomBytes } from "node:crypto";
import { type Config, readConfig } from "../config.ts";
import { dashboardRoutes } from "../dashboard/dashboard.tsx";
import { apiRoutes } from "../http/api-routes.ts";
import { createApp } from "../http/app.ts";
import { runSweep } from "../http/run-sweep.ts";
import type { Services } from "../services.ts";
import { serveAssets } from "./assets.ts";
import { startSimulatedImageKit } from "./imagekit/simulated-imagekit.ts";
import type { LocalParts } from "./local-environment.ts";
import { createNodeServices } from "./node-services.ts";
import type { Compose, StartImageKit } from "./run-local.ts";
import { samplePath } from "./sample/sample-page.tsx";
import { sampleRoutes } from "./sample/sample-routes.tsx";

/** The service as `npm start` runs it: the same app and sweep as on Netlify. Live is what the settings say is. */
export const compose: Compose = composeWith((config) => createNodeServices(config));

/** The same with services that are constructed differently, with another clock for example. */
export function composeWith(construct: (config: Config) => Services): Compose {
  return (settings, parts) => {
    const reading = readConfig(settings);
    if ("problems" in reading) return reading;
    return assemble(reading.config, construct(reading.config), parts);
  };
}

function assemble(config: Config, services: Services, { imagekit }: LocalParts): ReturnType<Compose> {
  const live = () => true;
  const { signInPath, takeSignInCode } = oneTimeSignIn(config);
  const isSimulated = imagekit === "simulated";
  const dashboard = dashboardRoutes({ takeSignInCode, samplePath: isSimulated ? samplePath : undefined });
  // The dashboard answers whatever no route has taken, so it comes last.
  const groups = [apiRoutes, ...(isSimulated ? [sampleRoutes] : []), dashboard];
  const app = createApp(services, groups, { live });
  const serveAsset = serveAssets();
  return {
    fetch: async (request, platform) => (await serveAsset(request)) ?? app.fetch(request, platform),
    sweep: () =>
      runSweep(quietWhenIdle(services), new Request("http://sweep.local/", { method: "POST" }), {}, live),
    signInPath,
  };
}

/** Six lines a minute about nothing would carry the link and the token out of sight. */
function quietWhenIdle(services: Services): Services {
  return {
    ...services,
    log: (event, fields = {}) => {
      const { report } = fields;
      if (event !== "sweep" || report !== "{}") services.log(event, fields);
    },
  };
}

export const startImageKit: StartImageKit = () =>
  startSimulatedImageKit({ settings: { uploads: "before-each-purge" } });

/** A link that signs in once as the first admin, or as the first token when there is none. */
function oneTimeSignIn({ tokens }: Config) {
  const code = randomBytes(16).toString("base64url");
  const entry = tokens.find(({ scopes }) => scopes.includes("admin")) ?? tokens[0];
  let unused = entry?.name;
  return {
    signInPath: `/sign-in/${code}`,
    takeSignInCode: (given: string): string | undefined => {
      if (given !== code) return undefined;
      const name = unused;
      unused = undefined;
      return name;
    },
  };
}
