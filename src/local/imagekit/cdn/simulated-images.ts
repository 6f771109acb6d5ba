import type { IncomingMessage, ServerResponse } from "node:http";
import type { CdnControl } from "../control.ts";
import { cdnArrivalLog } from "./cdn-arrivals.ts";
import { cdnFaults } from "./cdn-faults.ts";
import { type EdgeOptions, simulatedEdge } from "./edge.ts";
import { serveCdn } from "./serve-cdn.ts";
import { stage } from "./stage.ts";

/** The images of the simulated account, served by its CDN. */
export type SimulatedImages = {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** A purge was accepted. */
  readonly accepted: (target: string) => void;
  readonly control: CdnControl;
  readonly clear: () => void;
};

export function simulatedImages(
  options: Omit<EdgeOptions, "faults"> & {
    /** Aborts when the server closes: nothing waits any longer. */
    readonly closing: AbortSignal;
  },
): SimulatedImages {
  const { clock, closing } = options;
  const faults = cdnFaults();
  const arrivals = cdnArrivalLog();
  const edge = simulatedEdge({ ...options, faults });
  const { replace, remove, warm, cool, look, versionOf, accepted } = edge;
  return {
    serve: (request, response) => serveCdn({ edge, faults, arrivals, clock, closing }, request, response),
    accepted,
    control: {
      replace,
      remove,
      warm,
      cool,
      look,
      versionOf,
      stage: (url, end) => stage({ edge, faults }, url, end),
      addFaults: (...some) => faults.add(some),
      faults: faults.all,
      clearFaults: () => faults.clear(),
      arrivals: arrivals.all,
    },
    clear() {
      faults.clear();
      arrivals.clear();
      edge.clear();
    },
  };
}
