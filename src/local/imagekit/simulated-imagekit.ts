import { once, setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Clock, systemClock } from "../../domain/time.ts";
import { account } from "./account.ts";
import { type Arrival, arrivalLog } from "./arrivals.ts";
import { cdnPath } from "./cdn/serve-cdn.ts";
import { simulatedImages } from "./cdn/simulated-images.ts";
import type { Control } from "./control.ts";
import { serveControl } from "./control-api.ts";
import { serveEndpoint } from "./endpoints.ts";
import { faultQueue } from "./faults.ts";
import { rateLimits } from "./limits.ts";
import { logNormal, seededRandom } from "./random.ts";
import { changed, defaultSettings, type Settings, type SettingsChange } from "./settings.ts";

/** ImageKit's purge API and its CDN on this machine, which count what arrives, and go wrong on demand. */
export type SimulatedImageKit = {
  /** The base URL of the API. Below it: the control API at `/_control`, and at `/_cdn/<host>/…` what the CDN serves. */
  readonly url: string;
  readonly port: number;
  readonly privateKey: string;
  readonly control: Control;
  /** Every request since the start or the latest reset, but those to the control API and the CDN. */
  readonly arrivals: () => readonly Arrival[];
  /** Ends every open connection. */
  readonly close: () => Promise<void>;
};

/** Starts it on 127.0.0.1. Throws what `listen` fails with, `EADDRINUSE` above all. */
export async function startSimulatedImageKit({
  port = 0,
  privateKey = "private_simulated",
  settings: change = {},
  clock = systemClock,
}: {
  readonly port?: number | undefined;
  readonly privateKey?: string | undefined;
  readonly settings?: SettingsChange | undefined;
  readonly clock?: Clock | undefined;
} = {}): Promise<SimulatedImageKit> {
  const first = changed(defaultSettings, change);
  let settings = first;
  let limits = rateLimits(settings.rateLimit, clock);
  let pendingRandom = seededRandom(settings.seed);
  let latencyRandom = seededRandom(settings.seed + 1);

  const arrivals = arrivalLog();
  const faults = faultQueue(() => settings.seed);
  const purges = account(
    () => settings,
    () => pendingRandom,
    clock,
    (url) => images.accepted(url),
  );
  const closing = new AbortController();
  // Every request that is made to wait listens to it.
  setMaxListeners(0, closing.signal);
  const images = simulatedImages({
    clock,
    closing: closing.signal,
    takeCompleted: purges.takeCompleted,
    isUploadedBefore: () => settings.uploads === "before-each-purge",
  });
  const latencyMs = () => {
    const { latencyMs: latency } = settings;
    return typeof latency === "number" ? latency : logNormal(latencyRandom, latency.medianMs, latency.sigma);
  };
  const use = (next: Settings) => {
    if (next.rateLimit !== settings.rateLimit) limits = rateLimits(next.rateLimit, clock);
    if (next.seed !== settings.seed) seed(next.seed);
    settings = next;
  };
  const seed = (value: number) => {
    pendingRandom = seededRandom(value);
    latencyRandom = seededRandom(value + 1);
  };

  const control: Control = {
    settings: () => settings,
    change: (some) => use(changed(settings, some)),
    addFaults: (...some) => faults.add(some),
    faults: faults.all,
    clearFaults: faults.clear,
    arrivals: arrivals.all,
    totals: arrivals.totals,
    byUrl: arrivals.byUrl,
    spent: purges.spent,
    complete: purges.complete,
    cdn: images.control,
    reset() {
      arrivals.clear();
      faults.clear();
      purges.clear();
      images.clear();
      use(first);
      seed(first.seed);
      limits = rateLimits(first.rateLimit, clock);
    },
  };

  const behind = {
    privateKey,
    account: purges,
    arrivals,
    faults,
    limits: { draw: (endpoint: "send" | "poll") => limits.draw(endpoint) },
    latencyMs,
    clock,
    closing: closing.signal,
  };
  const serveAny = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith("/_control")) return serveControl(control, request, response);
    if (request.url?.startsWith(cdnPath)) return images.serve(request, response);
    return serveEndpoint(behind, request, response);
  };
  const server = createServer((request, response) => {
    serveAny(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  // Longer than a client keeps a connection, as a load balancer has it: the client is the one to close it.
  server.keepAliveTimeout = 65_000;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("listening on no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    privateKey,
    control,
    arrivals: arrivals.all,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
