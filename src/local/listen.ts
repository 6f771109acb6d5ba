import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import * as z from "zod";
import { CannotStart } from "./cannot-start.ts";

/** What the platform gives a request: work that goes on after its answer, as on Netlify, and the headers as sent. */
export type LocalPlatform = {
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly rawHeaders: readonly string[];
};

export type FetchHandler = (request: Request, platform: LocalPlatform) => Response | Promise<Response>;

export type Listening = {
  readonly url: string;
  /** Takes no more connections; resolves when every request and the work of `waitUntil` is over. */
  readonly close: () => Promise<void>;
};

export type ListenOptions = {
  readonly fetch: FetchHandler;
  /** 0: any free one. */
  readonly port: number;
  /** Work that was handed to `waitUntil` failed. */
  readonly onError: (error: unknown) => void;
};

const host = "127.0.0.1";
const addressSchema = z.object({ port: z.number() });

/** Serves a web-standard handler on 127.0.0.1. Throws CannotStart when the port cannot be had. */
export async function listen({ fetch, port, onError }: ListenOptions): Promise<Listening> {
  const working = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    working.add(work);
    void work.finally(() => working.delete(work));
  };
  const waitUntil = (work: Promise<unknown>) => track(work.catch(onError));
  const handle = async (request: Request, rawHeaders: readonly string[]) =>
    fetch(request, { waitUntil, rawHeaders });
  const server = createServer(
    getRequestListener((request, { incoming }) => {
      const answer = handle(request, incoming.rawHeaders);
      track(answer.catch(() => undefined));
      return answer;
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  }).catch((cause: unknown) => {
    throw new CannotStart(portProblem(port, cause), { cause });
  });
  return {
    url: `http://${host}:${addressSchema.parse(server.address()).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      while (working.size > 0) await Promise.all(working);
      // Answers that are being written are small: one turn of the event loop has written them.
      setImmediate(() => server.closeAllConnections());
      await closed;
    },
  };
}

function portProblem(port: number, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const another = `PORT=${port > 60_000 || port < 1024 ? 8898 : port + 10} npm start`;
  if (code === "EADDRINUSE")
    return `Port ${port} is in use. End what listens there, or take another: ${another}`;
  if (code === "EACCES") return `Port ${port} is not for ordinary users. Take another: ${another}`;
  return `Port ${port} cannot be listened on (${code ?? "unknown reason"}). Take another: ${another}`;
}
