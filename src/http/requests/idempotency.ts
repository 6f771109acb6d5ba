import type { Context } from "hono";
import type { Caller } from "../../domain/caller.ts";
import { sha256Hex, toHex } from "../../domain/sha256.ts";
import { invalidRequest } from "../answers/problem.ts";
import { type Env, platformOf } from "../context.ts";
import type { SentRequest } from "./purge-request.ts";
import { headerSchemas } from "./schemas.ts";

const name = "Idempotency-Key";

export type Idempotency = { readonly keyHash: string; readonly bodyHash: string };

/**
 * The hashes of an `Idempotency-Key` (G6), undefined without one, or the answer that refuses it. The key's hash covers
 * the actor, so that two actors may use the same key; the body's hash covers the bytes as sent and their kind: a list of images is not
 * the same text as a list of URLs.
 */
export async function readIdempotency(
  c: Context<Env>,
  { kind, body }: Pick<SentRequest, "kind" | "body">,
): Promise<Idempotency | undefined | Response> {
  const key = c.req.header(name);
  if (key === undefined) return undefined;
  const refuse = (message: string) => invalidRequest(c, [{ in: "header", at: name, message }]);
  if (isRepeated(c)) return refuse("is given more than once");
  if (!headerSchemas[name].safeParse(key).success)
    return refuse("must be 1 to 255 printable ASCII characters");
  const prefix = new TextEncoder().encode(`${kind}\n`);
  const sent = new Uint8Array(prefix.byteLength + body.bytes.byteLength);
  sent.set(prefix);
  sent.set(body.bytes, prefix.byteLength);
  return idempotencyOf(c.get("caller"), key, sent);
}

/**
 * Only the headers as they were sent show it. Where a platform has joined them, two keys are one with a comma in it, which
 * a key may have: then too the same headers give the same batch.
 */
function isRepeated(c: Context<Env>): boolean {
  const sent = platformOf(c).rawHeaders ?? [];
  return sent.filter((text, i) => i % 2 === 0 && text.toLowerCase() === name.toLowerCase()).length > 1;
}

/** The hashes of this actor's key and of the body sent with it. */
export async function idempotencyOf(
  caller: Caller,
  key: string,
  sent: Uint8Array<ArrayBuffer>,
): Promise<Idempotency> {
  return {
    keyHash: await sha256Hex(`${caller.name}\n${key}`),
    bodyHash: toHex(await crypto.subtle.digest("SHA-256", sent)),
  };
}
