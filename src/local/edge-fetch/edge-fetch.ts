import * as http from "node:http";
import * as https from "node:https";
import type { EdgeFetch } from "../../edge/read-edge.ts";
import { publicLookup } from "./public-lookup.ts";

/** What a server has not used for this long may be closed by it at any moment. */
const idleMs = 4_000;

/**
 * Asks for headers on Node. Each connection goes to an address that its own look-up found to be public, so that a DNS entry
 * that changes in between leads nowhere; `fetch` would look the name up once more. The body is not read.
 */
export function edgeFetch(lookup = publicLookup()): EdgeFetch {
  const agents = {
    "http:": new http.Agent({ keepAlive: true, timeout: idleMs }),
    "https:": new https.Agent({ keepAlive: true, timeout: idleMs }),
  };

  return function edgeFetch(address, { method = "GET", headers, signal }) {
    const isSecure = new URL(address).protocol === "https:";
    const agent = agents[isSecure ? "https:" : "http:"];
    const ask = () =>
      new Promise<Awaited<ReturnType<EdgeFetch>>>((resolve, reject) => {
        const request = (isSecure ? https : http).request(address, {
          method,
          headers,
          signal,
          agent,
          lookup,
        });
        request.on("error", (error) => {
          // The server closed a connection that it had kept open, before it read this request.
          if (request.reusedSocket && !signal.aborted) resolve(ask());
          else reject(error);
        });
        request.on("response", (response) => {
          // A HEAD has no body, so its connection can be used again.
          if (method === "HEAD") response.resume();
          else response.destroy();
          resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body: null });
        });
        request.end();
      });
    return ask();
  };
}

function headersOf({ headersDistinct }: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return headers;
}
