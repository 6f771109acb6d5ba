/** Runs the commands of one REST request on Redis, each way that Upstash offers, and words the answer. */

import type { Redis } from "ioredis";
import { encodeReply, type StringEncoding } from "./reply.ts";

/** Its name in upper case (which keeps ioredis from reshaping the reply), then its arguments. */
export type Command = readonly [name: string, ...args: readonly string[]];

/** An HTTP status and a JSON body, as the service would give them. */
export type RestAnswer = { readonly status: 200 | 400 | 503; readonly body: unknown };

export type Execute = (
  redis: Redis,
  commands: readonly Command[],
  encoding: StringEncoding,
) => Promise<RestAnswer>;

/** What the shared connection cannot carry: commands that block it or change what it is. */
const unavailable = new Set(
  (
    "MULTI EXEC DISCARD WATCH UNWATCH SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUNSUBSCRIBE " +
    "MONITOR SELECT AUTH HELLO RESET QUIT CLIENT SHUTDOWN SYNC PSYNC " +
    "BLPOP BRPOP BLMOVE BLMPOP BRPOPLPUSH BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF"
  ).split(" "),
);

/** `POST /`: one command; its error is the answer's. */
export const executeSingle: Execute = async (redis, commands, encoding) => {
  const [reply] = await runAll(redis, commands, encoding);
  if (reply === undefined || reply.kind === "gone") return redisGone;
  return { status: reply.kind === "error" ? 400 : 200, body: reply.body };
};

/** `POST /pipeline`: commands in order, not atomic; an error is an item of the answer. */
export const executePipeline: Execute = async (redis, commands, encoding) => {
  const replies = await runAll(redis, commands, encoding);
  if (replies.some((reply) => reply.kind === "gone")) return redisGone;
  return { status: 200, body: replies.map((reply) => reply.body) };
};

/** `POST /multi-exec`: all between MULTI and EXEC; a command that Redis does not take refuses the whole. */
export const executeTransaction: Execute = async (redis, commands, encoding) => {
  const refused = commands.find(([name]) => unavailable.has(name));
  if (refused !== undefined) return { status: 400, body: { error: notAvailable(refused[0]) } };
  // Written in one go on the one connection, so that no other request's command comes between.
  const sent = [["MULTI"], ...commands, ["EXEC"]].map(([name = "", ...args]) => redis.callBuffer(name, args));
  const executed = (await Promise.allSettled(sent)).at(-1);
  if (executed?.status === "fulfilled" && Array.isArray(executed.value)) {
    return { status: 200, body: executed.value.map((value) => wordReply(value, encoding).body) };
  }
  const failure = wordError(executed?.status === "rejected" ? executed.reason : undefined);
  return failure.kind === "gone" ? redisGone : { status: 400, body: failure.body };
};

type Reply =
  | { readonly kind: "result"; readonly body: { readonly result: unknown } }
  | { readonly kind: "error"; readonly body: { readonly error: string } }
  /** The connection broke or is not there; whether the command was executed is not known. */
  | { readonly kind: "gone"; readonly body: { readonly error: string } };

const goneBody = { error: "ERR Redis cannot be reached" } as const;
const redisGone: RestAnswer = { status: 503, body: goneBody };

const runAll = (redis: Redis, commands: readonly Command[], encoding: StringEncoding): Promise<Reply[]> =>
  Promise.all(commands.map((command) => run(redis, command, encoding)));

async function run(redis: Redis, [name, ...args]: Command, encoding: StringEncoding): Promise<Reply> {
  if (unavailable.has(name)) return { kind: "error", body: { error: notAvailable(name) } };
  try {
    return wordReply(await redis.callBuffer(name, args), encoding);
  } catch (error) {
    return wordError(error);
  }
}

function wordReply(value: unknown, encoding: StringEncoding): Reply {
  if (value instanceof Error) return { kind: "error", body: { error: value.message } };
  return { kind: "result", body: { result: encodeReply(value, encoding) } };
}

/** ioredis marks by this name what Redis itself answered. */
function wordError(error: unknown): Reply {
  if (error instanceof Error && error.name === "ReplyError") {
    return { kind: "error", body: { error: error.message } };
  }
  return { kind: "gone", body: goneBody };
}

function notAvailable(name: string): string {
  return `ERR Command is not available: '${name}'`;
}
