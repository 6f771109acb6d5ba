import type { Context } from "hono";
import type { Caller } from "../../domain/caller.ts";
import { sha256Hex, toHex } from "../../domain/sha256.ts";
import { invalidRequest } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import type { Body } from "./body.ts";

export type Idempotency = { readonly keyHash: string; readonly bodyHash: string };

/**
 * The hashes of an `Idempotency-Key` (G6), undefined without one, or the answer that refuses it. The key's hash covers
 * the actor, so that two actors may use the same key; the body's hash covers the bytes as sent and their kind.
 */
export async function readIdempotency(
  c: Context<Env>,
  body: Body,
): Promise<Idempotency | undefined | Response> {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined) return undefined;
  if (!/^[ -~]{1,255}$/.test(key)) {
    const message = "must be 1 to 255 printable ASCII characters";
    return invalidRequest(c, [{ in: "header", at: "Idempotency-Key", message }]);
  }
  const kind = new TextEncoder().encode(`${body.kind}\n`);
  const sent = new Uint8Array(kind.byteLength + body.bytes.byteLength);
  sent.set(kind);
  sent.set(body.bytes, kind.byteLength);
  return idempotencyOf(c.get("caller"), key, sent);
}

/** The hashes of this actor's key and of the body sent with it. */
export async function idempotencyOf(
  { name }: Caller,
  key: string,
  sent: Uint8Array<ArrayBuffer>,
): Promise<Idempotency> {
  return {
    keyHash: await sha256Hex(`${name}\n${key}`),
    bodyHash: toHex(await crypto.subtle.digest("SHA-256", sent)),
  };
}
