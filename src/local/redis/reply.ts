/** How a Redis reply (read by ioredis as buffers) is told in Upstash's JSON. */

export type StringEncoding = "plain" | "base64";

/**
 * A reply as Upstash's service shows it: nil is null, integers are numbers, and every string is base64 when it
 * was asked for, except a top-level OK.
 */
export function encodeReply(reply: unknown, encoding: StringEncoding): unknown {
  if (Buffer.isBuffer(reply) && reply.toString() === "OK") return "OK";
  return encodeNested(reply, encoding);
}

function encodeNested(reply: unknown, encoding: StringEncoding): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString(encoding === "base64" ? "base64" : "utf8");
  if (typeof reply === "string") return encodeNested(Buffer.from(reply), encoding);
  if (Array.isArray(reply)) return reply.map((item) => encodeNested(item, encoding));
  if (reply instanceof Error) return encodeNested(reply.message, encoding);
  return reply ?? null;
}
