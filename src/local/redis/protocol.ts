/** Upstash's REST protocol as a Hono app: three routes, one bearer check over all of them. */

import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Redis } from "ioredis";
import * as z from "zod";
import { systemClock } from "../../domain/time.ts";
import { type Command, type Execute, executePipeline, executeSingle, executeTransaction } from "./execute.ts";
import type { RedisFault, RedisRequest } from "./fault.ts";

type BridgeEnv = { Bindings: HttpBindings };

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

export function upstashProtocol(options: ProtocolOptions): Hono<BridgeEnv> {
  const app = new Hono<BridgeEnv>();
  app.use(async (c, next) => {
    options.onRequest();
    if (c.req.header("authorization") !== `Bearer ${options.token}`) {
      return c.json({ error: "Unauthorized" }, 401);
    }
    return next();
  });
  app.use(
    bodyLimit({
      maxSize: maxRequestBytes,
      onError: (c) =>
        c.json({ error: `ERR max request size exceeded. Limit: ${maxRequestBytes} bytes` }, 413),
    }),
  );
  app.post("/", (c) => answer(c, singleSchema, executeSingle, options));
  app.post("/pipeline", (c) => answer(c, manySchema, executePipeline, options));
  app.post("/multi-exec", (c) => answer(c, manySchema, executeTransaction, options));
  app.notFound((c) => c.json({ error: "ERR not found" }, 404));
  return app;
}

/** Parse, then the fault before, the execution, the fault after, the answer. */
async function answer(
  c: Context<BridgeEnv>,
  schema: z.ZodType<readonly Command[]>,
  execute: Execute,
  { redis, onExecute, decideFault }: ProtocolOptions,
): Promise<Response> {
  const commands = schema.safeParse(await c.req.json().catch(() => undefined));
  if (!commands.success) return c.json({ error: "ERR failed to parse the request" }, 400);

  const fault = await decideFault({ path: c.req.path, commands: commands.data });
  if (fault === "lose-request") return breakConnection(c);
  if (typeof fault === "object" && "delayMs" in fault) await systemClock.sleep(fault.delayMs);
  if (typeof fault === "object" && "status" in fault && !fault.executed) return injected(fault.status);

  if (typeof fault === "object" && "refused" in fault) return c.json({ error: fault.refused }, 400);

  onExecute(commands.data);
  const encoding = c.req.header("upstash-encoding") === "base64" ? "base64" : "plain";
  const { status, body } = await execute(redis, commands.data, encoding);

  if (fault === "lose-reply") return breakConnection(c);
  if (typeof fault === "object" && "status" in fault) return injected(fault.status);
  if (typeof fault === "object" && "replyAfter" in fault) await Promise.allSettled([fault.replyAfter]);
  return c.json(body, status);
}

function breakConnection(c: Context<BridgeEnv>): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

const injected = (status: number): Response => Response.json({ error: "ERR injected fault" }, { status });
