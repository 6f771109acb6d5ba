import type { EdgeReading } from "../domain/edge-check.ts";
import { afterPendingIo, type EpochMs } from "../domain/time.ts";
import { orAborted } from "../imagekit/answer.ts";
import { toMessage } from "../imagekit/message.ts";
import { describeFailure } from "../imagekit/network-failure.ts";
import { interpretAnswer, isFailure } from "./interpret-answer.ts";
import { PrivateAddress, whyPrivateHost } from "./private-host.ts";

/** Reads what the CDN serves, headers only. Neither method throws. `at` tells the time by Redis' clock. */
export type EdgeClient = {
  /** What is served now, or why that is not known. Takes at most 3 s. */
  readonly read: (url: string, at: () => EpochMs) => Promise<EdgeReading>;
  /** The same beside a send; undefined if nothing but an error came within 1 s, or too many are being read already. */
  readonly readBefore: (url: string, at: () => EpochMs) => Promise<EdgeReading | undefined>;
};

/**
 * Asks a URL for its headers; `fetch` is one. It may reject with `PrivateAddress`, which it then did before it connected.
 * `redirect: "manual"`: it follows none.
 */
export type EdgeFetch = (
  address: string,
  options: {
    readonly method?: "HEAD" | "GET";
    readonly headers: Readonly<Record<string, string>>;
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<Pick<Response, "status" | "headers" | "body">>;

/**
 * Always the same request headers, those of a browser's image element (Chrome's): a CDN that converts formats by `Accept`
 * then serves the same format each time. Other formats are not seen.
 */
export const requestHeaders = {
  accept: "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
  "accept-encoding": "gzip, deflate, br",
  "user-agent": "Purge-Desk",
} as const;

const readMs = 3_000;
const readBeforeMs = 1_000;
/** At most this many are read beside sends at once, so that a CDN that hangs holds few connections. */
const beforeAtOnce = 20;

/** No headers came in time. */
class TimedOut extends Error {
  override readonly name = "TimedOut";
}

export function edgeClient({
  fetch,
  hosts,
  simulatedBaseUrl,
}: {
  readonly fetch: EdgeFetch;
  /** The hosts of the configured endpoints, with their ports. No other is asked. */
  readonly hosts: ReadonlySet<string>;
  /** The simulated ImageKit: every URL is read there, at `/_cdn/<host>/<path>`, and nothing on the internet. */
  readonly simulatedBaseUrl?: string | undefined;
}): EdgeClient {
  const isSimulated = simulatedBaseUrl !== undefined;
  let readingBefore = 0;

  const whyNot = (asked: URL) => {
    if (!hosts.has(asked.host)) return `${asked.host} is not the host of a configured URL endpoint`;
    return isSimulated ? undefined : whyPrivateHost(asked);
  };

  const read = async (url: string, at: () => EpochMs, timeoutMs: number): Promise<EdgeReading> => {
    const timeout = new AbortController();
    const late = () => timeout.abort(new TimedOut(`no answer within ${timeoutMs / 1_000} s`));
    const timer = setTimeout(late, timeoutMs);
    const signal = afterPendingIo(timeout.signal);
    const askedAt = at();
    try {
      const problem = whyNot(new URL(url));
      if (problem !== undefined) throw new PrivateAddress(problem);
      const address = isSimulated ? simulatedAddress(simulatedBaseUrl, url) : url;
      const answer = await orAborted(askForHeaders(fetch, address, signal), signal);
      return interpretAnswer(answer, at(), askedAt);
    } catch (error) {
      const problem = toMessage(describeFailure(error), []);
      return { at: at(), problem, ...(error instanceof PrivateAddress && { notAsked: true }) };
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    read: (url, at) => read(url, at, readMs),
    async readBefore(url, at) {
      if (readingBefore >= beforeAtOnce) return undefined;
      readingBefore += 1;
      const reading = await read(url, at, readBeforeMs);
      readingBefore -= 1;
      return reading.status === undefined || isFailure(reading.status) ? undefined : reading;
    },
  };
}

/** A server may say these of HEAD alone, and serve the image to a GET. */
const refusalsOfHead: ReadonlySet<number> = new Set([401, 403, 404, 405, 410, 501]);

/** HEAD, or a GET of one byte where HEAD is refused. Redirects are not followed, no cookies are sent, no body is read. */
async function askForHeaders(
  fetch: EdgeFetch,
  address: string,
  signal: AbortSignal,
): Promise<Pick<Response, "status" | "headers">> {
  const options = { redirect: "manual", signal } as const;
  const head = await fetch(address, { ...options, method: "HEAD", headers: requestHeaders });
  discard(head);
  if (!refusalsOfHead.has(head.status)) return head;
  const get = await fetch(address, { ...options, headers: { ...requestHeaders, range: "bytes=0-0" } });
  discard(get);
  return get;
}

/** Frees the connection of a body that is not read. Not awaited: it may wait for the server. */
function discard(response: Pick<Response, "body">): void {
  response.body?.cancel().catch(() => undefined);
}

function simulatedAddress(baseUrl: string, url: string): string {
  return `${baseUrl}/_cdn/${url.replace(/^https?:\/\//i, "")}`;
}
