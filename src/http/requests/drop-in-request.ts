import type { Context } from "hono";
import { problem } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { readRequestBody } from "./body.ts";
import { headerSchemas, imagekitPurge } from "./schemas.ts";

export type DropInRequest = {
  readonly url: string;
  /** An SDK that got no usable answer sends the same request again, and counts that in a header. */
  readonly isResend: boolean;
};

/** What ImageKit's API is asked to purge, or the answer that refuses it. Members besides `url` are ignored, as there. */
export async function readDropInRequest(c: Context<Env>): Promise<DropInRequest | Response> {
  const body = await readRequestBody(c, ["json"]);
  if (body instanceof Response) return body;
  const parsed = imagekitPurge.safeParse(body.kind === "json" ? body.value : undefined);
  if (parsed.success) return { url: parsed.data.url, isResend: isResend(c) };
  const isObject = parsed.error.issues.some(({ path }) => path[0] === "url");
  const detail = isObject
    ? "url is missing or no text; several URLs need one request each."
    : "The body is no JSON object.";
  return problem(c, "invalid-body", detail);
}

function isResend(c: Context<Env>): boolean {
  const count = headerSchemas["X-Stainless-Retry-Count"].safeParse(c.req.header("X-Stainless-Retry-Count"));
  return count.success && Number(count.data) > 0;
}
