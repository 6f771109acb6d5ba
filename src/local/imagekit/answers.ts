import { STATUS_CODES } from "node:http";
import type { ArrivalOutcome } from "./arrivals.ts";

/** What goes back, and what it stands for. `text` is sent as it is, `json` as JSON. */
export type SimulatedAnswer = {
  readonly outcome: ArrivalOutcome;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly imagekitRequestId?: string;
} & ({ readonly json: unknown } | { readonly text: string });

const help = "For support kindly contact us at support@imagekit.io.";

/** ImageKit's own sentences, from its OpenAPI description. */
export const words = {
  notPurgeable: "The URL is not valid for cache purging.",
  missingUrl: "Your request is missing URL parameter.",
  unknownId: "No request found for this requestId.",
  noKey: "Your request does not contain private API key.",
  wrongKey: "Your account cannot be authenticated.",
  tooManyRequests: "Too many requests. Please slow down.",
} as const;

export function accepted(imagekitRequestId: string): SimulatedAnswer {
  return { outcome: "accepted", status: 201, imagekitRequestId, json: { requestId: imagekitRequestId } };
}

export function statusOf(imagekitRequestId: string, status: string): SimulatedAnswer {
  return { outcome: "answered", status: 200, imagekitRequestId, json: { status } };
}

export function errorAnswer(status: number, message: string): SimulatedAnswer {
  // A 429 is documented without `help`.
  const json = status === 429 ? { message } : { message, help };
  if (status < 500) return { outcome: outcomeOf(status), status, json };
  // A gateway's page, CRLF and all.
  const text = `<html>\r\n<head><title>${status} ${STATUS_CODES[status] ?? ""}</title></head>\r\n<body>\r\n<center><h1>${message}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { outcome: "failed", status, headers: { "Content-Type": "text/html" }, text };
}

/** With the headers that go with it; the last two are in milliseconds. */
export function throttled(
  limit: number,
  resetMs: number,
  message: string = words.tooManyRequests,
): SimulatedAnswer {
  return { ...errorAnswer(429, message), headers: rateLimitHeaders(limit, resetMs) };
}

export function rateLimitHeaders(limit: number, resetMs: number): Readonly<Record<string, string>> {
  return {
    "X-RateLimit-Limit": String(limit),
    "X-RateLimit-Reset": String(resetMs),
    "X-RateLimit-Interval": "1000",
  };
}

function outcomeOf(status: number): ArrivalOutcome {
  if (status === 400) return "refused";
  if (status === 401 || status === 403) return "unauthorized";
  return status === 429 ? "throttled" : "failed";
}
