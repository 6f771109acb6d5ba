import type { Config } from "../config.ts";
import { createServices, type Outside, type Services } from "../services.ts";
import { edgeFetch } from "./edge-fetch/edge-fetch.ts";

/** The services on Node, where nothing reads the edge but by connections to public addresses. */
export function createNodeServices(config: Config, outside: Omit<Outside, "fetchEdge"> = {}): Services {
  return createServices(config, { fetchEdge: edgeFetch(), ...outside });
}
