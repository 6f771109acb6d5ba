/** The whole app on a real port, behind a network that a test makes unreliable. */

import { once } from "node:events";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import * as z from "zod";
import { startApp, type TestApp } from "./app.ts";

/** A request that arrived, whatever became of it. */
export type Arrival = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
};

/**
 * What becomes of a request. `lose`: it is processed, and its answer lost. `drop`: the connection breaks before that.
 * `hang`: it is processed, and its answer never comes. A response stands in the place of Purge Desk's.
 */
export type Fate = "answer" | "lose" | "drop" | "hang" | Response;

export type ServedDesk = TestApp & {
  readonly url: string;
  readonly arrivals: Arrival[];
  /** What becomes of the next requests, each once; then they are answered. */
  readonly fates: Fate[];
  /** Empties the ledger, the arrivals and the fates. */
  readonly reset: () => Promise<void>;
};

export async function serveDesk(options?: Parameters<typeof startApp>[0]): Promise<ServedDesk> {
  const app = await startApp(options);
  const arrivals: Arrival[] = [];
  const fates: Fate[] = [];
  const server = createServer(
    getRequestListener(async (request, { incoming }) => {
      const { method, headers } = request;
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      arrivals.push({ method, path: pathname + search, headers, body });
      const fate = fates.shift() ?? "answer";
      if (fate instanceof Response) return fate;
      if (fate !== "drop") {
        const platform = { waitUntil: (work: Promise<unknown>) => void app.background.push(work) };
        const again = new Request(request.url, { method, headers, ...(body !== "" && { body }) });
        const response = await app.app.fetch(again, platform);
        if (fate === "answer") return response;
      }
      if (fate !== "hang") incoming.socket.destroy();
      return new Promise<Response>(() => undefined);
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const accept = app.imagekit.answer;
  return {
    ...app,
    url: `http://127.0.0.1:${port}`,
    arrivals,
    fates,
    reset: async () => {
      app.imagekit.answer = accept;
      app.imagekit.purged.length = 0;
      arrivals.length = 0;
      fates.length = 0;
      await app.redis.flush();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await app.close();
    },
  };
}
