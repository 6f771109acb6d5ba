import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Clock } from "../../../domain/time.ts";
import { resetConnection } from "../reply.ts";
import type { CdnArrivals } from "./cdn-arrivals.ts";
import type { AnswerFault, CdnFaults } from "./cdn-faults.ts";
import type { Edge } from "./edge.ts";
import { picture } from "./picture.ts";
import { rangeOf } from "./range.ts";

/** What the CDN works with. */
export type BehindCdn = {
  readonly edge: Edge;
  readonly faults: CdnFaults;
  readonly arrivals: CdnArrivals;
  readonly clock: Clock;
  /** Aborts when the server closes: nothing waits any longer. */
  readonly closing: AbortSignal;
};

/** `/_cdn/ik.imagekit.io/demo/a.jpg` is what the CDN serves as `https://ik.imagekit.io/demo/a.jpg`. */
export const cdnPath = "/_cdn/";

/** As CloudFront names its locations, and no place in the world. */
const location = "SIM1-C1";

/** One request to the CDN: an image with the headers that CloudFront gives it, or the fault that was asked for. */
export async function serveCdn(
  { edge, faults, arrivals, clock, closing }: BehindCdn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "", url: path = "", headers } = request;
  const url = `https://${path.slice(cdnPath.length)}`;
  const arrival = arrivals.begin({ at: clock.now(), method, url, headers });
  response.on("close", () => {
    if (!response.writableFinished) arrival.note({ reply: "lost" });
  });
  const fault = faults.takeForAnswer(method, url);
  if (fault !== undefined) arrival.note({ fault: String(fault.kind) });
  if (fault?.kind === "hang") return;
  if (fault?.delayMs !== undefined) await clock.sleep(fault.delayMs, closing);
  if (fault?.kind === "reset") return resetConnection(response, arrival);

  const isAllowed = method === "GET" || method === "HEAD";
  const answer = isAllowed ? (instead(fault, path) ?? served()) : errorPage(405);
  if (response.destroyed) return;
  const overridden = Object.entries({ ...answer.headers, ...fault?.headers });
  arrival.note({ reply: answer.status });
  response.writeHead(answer.status, {
    ...Object.fromEntries(overridden.filter(([, value]) => value !== null)),
    "Content-Length": answer.bytes.length,
  });
  response.end(method === "HEAD" ? undefined : answer.bytes);

  function served(): CdnAnswer {
    const { copy, cache } = edge.get(url);
    arrival.note({ cache });
    const ageSeconds = Math.max(0, Math.floor((clock.now() - copy.madeAt) / 1_000));
    const age = cache === "hit" ? { Age: String(ageSeconds) } : {};
    if (copy.version === 0) {
      return { ...errorPage(404), headers: { ...errorPage(404).headers, ...age, "ik-error": "not found" } };
    }
    const { bytes, type, etag } = picture(url, copy.version, headers.accept ?? "");
    const whole = {
      ...age,
      "Content-Type": type,
      ETag: `"${etag}"`,
      "Last-Modified": new Date(edge.uploadedAt(copy)).toUTCString(),
      "Cache-Control": "public, s-maxage=31536000, max-age=31536000, must-revalidate",
      Vary: "Accept",
      "Accept-Ranges": "bytes",
      "X-Cache": cache === "hit" ? "Hit from cloudfront" : "Miss from cloudfront",
      "x-amz-cf-pop": location,
      // A picture is made from a path that somebody chose.
      "Content-Security-Policy": "default-src 'none'; sandbox",
    };
    const range = method === "GET" ? rangeOf(headers.range, bytes.length) : "whole";
    if (range === "whole") return { status: 200, headers: whole, bytes };
    if (range === "unsatisfiable") {
      return { ...errorPage(416), headers: { "Content-Range": `bytes */${bytes.length}` } };
    }
    return {
      status: 206,
      headers: { ...whole, "Content-Range": `bytes ${range.first}-${range.last}/${bytes.length}` },
      bytes: bytes.subarray(range.first, range.last + 1),
    };
  }
}

type CdnAnswer = {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly bytes: Buffer;
};

/** What a fault answers in place of an image; undefined: an image all the same. */
function instead(fault: AnswerFault | undefined, path: string): CdnAnswer | undefined {
  if (fault === undefined || fault.kind === "headers") return undefined;
  if (typeof fault.kind === "number") return errorPage(fault.kind);
  if (fault.kind === "redirect") return { ...errorPage(302), headers: { Location: `${path}?redirected` } };
  return { ...errorPage(200), bytes: Buffer.from("<!doctype html><title>Sign in</title>") };
}

function errorPage(status: number): CdnAnswer {
  return {
    status,
    headers: {
      "Content-Type": "text/html",
      "X-Cache": status < 400 ? "Miss from cloudfront" : "Error from cloudfront",
      "x-amz-cf-pop": location,
    },
    bytes: Buffer.from(`<!doctype html><title>${status}</title>`),
  };
}
