import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { SimulatedAnswer } from "./answers.ts";
import type { OpenArrival } from "./arrivals.ts";

/** Sends the answer with the header that every one of ImageKit's has, unless the caller has gone. */
export function reply(response: ServerResponse, arrival: OpenArrival, answer: SimulatedAnswer): void {
  const { outcome, status, headers } = answer;
  arrival.note({ outcome });
  if (response.destroyed) return;
  const content = "json" in answer ? JSON.stringify(answer.json) : answer.text;
  arrival.note({ reply: status });
  response
    .writeHead(status, {
      "Content-Type": "json" in answer ? "application/json; charset=utf-8" : "text/plain",
      "Content-Length": Buffer.byteLength(content),
      "x-ik-requestId": randomUUID(),
      ...headers,
    })
    .end(content);
}

/** Breaks the connection off with a reset, not an orderly end. */
export function resetConnection(
  response: ServerResponse,
  arrival: { readonly note: (learnt: { readonly reply: "lost" }) => void },
): void {
  arrival.note({ reply: "lost" });
  response.socket?.resetAndDestroy();
}
