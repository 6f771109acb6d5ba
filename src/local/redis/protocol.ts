/**
 * Upstash's REST protocol, as a listener of Node's own server: three routes, one bearer check over all of them. Local runs and
 * tests make thousands of calls; through Hono and its web-standard requests each would take the processor twice as long.
 */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Redis } from "ioredis";
import * as z from "zod";
import { systemClock } from "../../domain/time.ts";
import {
  type Command,
  type Execute,
  executePipeline,
  executeSingle,
  executeTransaction,
  type RestAnswer,
} from "./execute.ts";
import type { RedisFault, RedisRequest } from "./fault.ts";

export type ProtocolOptions = {
  readonly redis: Redis;
  readonly token: string;
  /** A request arrived, whatever becomes of it. */
  readonly onRequest: () => void;
  /** These are about to be executed. */
  readonly onExecute: (commands: readonly Command[]) => void;
  readonly decideFault: (request: RedisRequest) => RedisFault | Promise<RedisFault>;
};

/** Upstash's limit on its free plan. */
const maxRequestBytes = 1024 * 1024;

const commandSchema = z
  .tuple([z.string()], z.union([z.string(), z.number(), z.boolean()]))
  .transform(([name, ...args]): Command => [name.toUpperCase(), ...args.map(String)]);
const singleSchema = commandSchema.transform((command) => [command]);
const manySchema = z.array(commandSchema);

type Route = { readonly schema: z.ZodType<readonly Command[]>; readonly execute: Execute };

const routes: ReadonlyMap<string, Route> = new Map([
  ["/", { schema: singleSchema, execute: executeSingle }],
  ["/pipeline", { schema: manySchema, execute: executePipeline }],
  ["/multi-exec", { schema: manySchema, execute: executeTransaction }],
]);

export function upstashProtocol(options: ProtocolOptions): RequestListener {
  return (request, response) => {
    options.onRequest();
    answer(request, options).then(
      (given) => (given === "broken" ? request.socket.destroy() : send(response, given)),
      // The caller has gone, or the connection to it broke.
      () => request.socket.destroy(),
    );
  };
}

type Answer = { readonly status: number; readonly body: unknown };

/** Parse, then the fault before, the execution, the fault after, the answer. `broken`: the connection is to break. */
async function answer(
  request: IncomingMessage,
  { redis, token, onExecute, decideFault }: ProtocolOptions,
): Promise<Answer | "broken"> {
  const { method, url: path = "/", headers } = request;
  if (headers.authorization !== `Bearer ${token}`) return refused(401, "Unauthorized");
  const route = method === "POST" ? routes.get(path) : undefined;
  if (route === undefined) return refused(404, "ERR not found");
  if (Number(headers["content-length"]) > maxRequestBytes) return tooLarge;
  const body = await buffer(request);
  if (body.byteLength > maxRequestBytes) return tooLarge;
  const commands = route.schema.safeParse(parsed(body.toString()));
  if (!commands.success) return refused(400, "ERR failed to parse the request");

  const fault = await decideFault({ path, commands: commands.data });
  if (fault === "lose-request") return "broken";
  if (typeof fault === "object" && "delayMs" in fault) await systemClock.sleep(fault.delayMs);
  if (typeof fault === "object" && "status" in fault && !fault.executed) return injected(fault.status);
  if (typeof fault === "object" && "refused" in fault) return refused(400, fault.refused);

  onExecute(commands.data);
  const encoding = headers["upstash-encoding"] === "base64" ? "base64" : "plain";
  const executed: RestAnswer = await route.execute(redis, commands.data, encoding);

  if (fault === "lose-reply") return "broken";
  if (typeof fault === "object" && "status" in fault) return injected(fault.status);
  if (typeof fault === "object" && "replyAfter" in fault) await Promise.allSettled([fault.replyAfter]);
  return executed;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refused = (status: number, error: string): Answer => ({ status, body: { error } });
const tooLarge = refused(413, `ERR max request size exceeded. Limit: ${maxRequestBytes} bytes`);
const injected = (status: number): Answer => refused(status, "ERR injected fault");
