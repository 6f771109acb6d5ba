import type { Context } from "hono";
import { afterPendingIo } from "../../domain/time.ts";
import { invalidRequest, problem } from "../answers/problem.ts";
import type { Env } from "../context.ts";

/** A longer body is answered with 413. */
export const maxBodyBytes = 512 * 1024;

/** A body must arrive within this time, so that a slow sender cannot occupy a function until its end. */
const bodyTimeMs = 10_000;

export type BodyKind = "json" | "text";

const contentTypes: Readonly<Record<BodyKind, string>> = { json: "application/json", text: "text/plain" };

export type Body =
  | { readonly kind: "json"; readonly bytes: Uint8Array<ArrayBuffer>; readonly value: unknown }
  | { readonly kind: "text"; readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string };

/** The body, decoded; or the answer that refuses it: 415, 408, 413, 400 (JSON) or 422 (text that is not UTF-8). */
export async function readRequestBody(c: Context<Env>, kinds: readonly BodyKind[]): Promise<Body | Response> {
  const kind = kindOf(c.req.header("Content-Type"), kinds);
  if (kind === undefined || !/^(identity)?$/i.test(c.req.header("Content-Encoding") ?? "")) {
    const accepted = kinds.map((each) => contentTypes[each]).join(" or ");
    const detail = `Send ${accepted} in UTF-8, not compressed.`;
    return problem(
      c,
      "unsupported-media-type",
      detail,
      {},
      { "Accept-Post": accepted.replace(" or ", ", ") },
    );
  }
  const bytes = await readUpTo(c.req.raw, maxBodyBytes);
  if (bytes === "late") {
    return problem(c, "body-timeout", "A body must arrive within 10 s.");
  }
  if (bytes === "too-large") {
    return problem(c, "body-too-large", `A body may have at most ${maxBodyBytes} bytes.`, {
      limit: maxBodyBytes,
    });
  }
  const text = decodeUtf8(bytes);
  if (kind === "text") {
    if (text !== undefined) return { kind, bytes, text };
    return invalidRequest(c, [{ in: "body", at: "", message: "is not valid UTF-8" }]);
  }
  const json = text === undefined ? undefined : parseJson(text);
  if (json === undefined)
    return problem(c, "malformed-json", "The body could not be parsed as JSON in UTF-8.");
  return { kind, bytes, value: json.value };
}

/**
 * The kind that a Content-Type names, if it is accepted; the only charset is UTF-8. Two headers arrive as one with a
 * comma, and are refused: neither takes precedence.
 */
function kindOf(header: string | undefined, kinds: readonly BodyKind[]): BodyKind | undefined {
  if (header?.includes(",")) return undefined;
  const [type = "", ...parameters] = (header ?? "").split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return undefined;
  return kinds.find((kind) => contentTypes[kind] === type);
}

/**
 * Counts the bytes that arrive. Content-Length is believed only if it says that the body is too large or incomplete.
 * `late` also covers a body whose sender hung up.
 */
export async function readUpTo(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | "too-large" | "late"> {
  const promised = Number(request.headers.get("Content-Length") ?? 0);
  if (promised > limit) return "too-large";
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  // Also ends a pending read. Not awaited: it may wait for the sender.
  const cancel = () => void reader.cancel().catch(() => {});
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), bodyTimeMs);
  const late = afterPendingIo(timeout.signal);
  late.addEventListener("abort", cancel);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late.aborted || (done && size < promised)) return "late";
      if (done) return joined(chunks, size);
      size += value.byteLength;
      if (size > limit) {
        cancel();
        return "too-large";
      }
      chunks.push(value);
    }
  } catch {
    return "late";
  } finally {
    clearTimeout(timer);
    late.removeEventListener("abort", cancel);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
