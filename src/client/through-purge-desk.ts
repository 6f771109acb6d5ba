import type { Purge } from "./generated.ts";
import type { PurgeDesk } from "./purge-desk.ts";
import { badLineIn, PurgeDeskError } from "./purge-desk-error.ts";

type FetchOfSdk = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A request whose outcome the SDK does not know is sent again within this time, or not at all. */
const resentWithinMs = 200_000;
/** Keys that are kept for such requests. Older ones are dropped. */
const mostKeys = 1_000;

/**
 * A `fetch` for ImageKit's official SDK, `new ImageKit({ fetch: throughPurgeDesk(desk) })`: purges, and their status, go
 * through Purge Desk; everything else goes to ImageKit. Answers have ImageKit's shapes. When the SDK sends a purge again,
 * it gets the same purge: only what the caller asks for anew costs a unit.
 */
export function throughPurgeDesk(
  desk: PurgeDesk,
  { fetch = globalThis.fetch }: { readonly fetch?: FetchOfSdk } = {},
): FetchOfSdk {
  const unanswered = unansweredKeys();
  return async function fetchThroughPurgeDesk(input, init) {
    const { url, method } = input instanceof Request ? input : { url: String(input), method: "GET" };
    const asked = init?.method ?? method;
    const found = /\/v1\/files\/purge(?:\/([^/]+))?$/.exec(new URL(url).pathname);
    if (found === null) return fetch(input, init);
    const [, requestId] = found;
    if (asked === "POST" && requestId === undefined) return purge(new Request(input, init));
    // Other ids are ImageKit's own, of purges that were made without Purge Desk.
    if (asked !== "GET" || requestId?.startsWith("b_") !== true) return fetch(input, init);
    return answered(() => status(requestId, new Request(input, init).signal));
  };

  async function purge(request: Request): Promise<Response> {
    const url = urlIn(await request.text());
    if (url === undefined) return imagekitError(400, "Your request is missing URL parameter.");
    const retry = Number(request.headers.get("X-Stainless-Retry-Count"));
    const key = (retry > 0 && unanswered.take(url, retry - 1)) || crypto.randomUUID();
    try {
      const answer = await answered(() => submit(url, key, request.signal));
      const mayBeResent = answer.status >= 500 || answer.status === 429;
      if (mayBeResent && answer.headers.get("x-should-retry") !== "false") unanswered.keep(url, key, retry);
      return answer;
    } catch (error) {
      unanswered.keep(url, key, retry);
      throw error;
    }
  }

  async function submit(url: string, key: string, signal: AbortSignal): Promise<Response> {
    const { batches } = await desk.purge({ urls: [url] }, { key, signal });
    const [batch] = batches;
    const refused = batch?.purges.find(({ state }) => state === "refused");
    if (refused !== undefined) return invalidUrl(refused.error?.message);
    return Response.json({ requestId: batch?.id }, { status: 201 });
  }

  async function status(requestId: string, signal: AbortSignal): Promise<Response> {
    const { done, purges } = await desk.batch(requestId, { signal });
    const isCompleted = purges.every(({ state }) => state === "completed");
    if (done && !isCompleted) {
      return imagekitError(400, "No request found for this requestId.", endedAs(purges));
    }
    return Response.json({ status: done ? "Completed" : "Pending" });
  }
}

/** The keys of requests to which no usable answer came, by URL and by how often the SDK had sent them again. */
function unansweredKeys() {
  type Unanswered = {
    readonly url: string;
    readonly key: string;
    readonly retry: number;
    readonly untilMs: number;
  };
  let kept: readonly Unanswered[] = [];
  return {
    keep(url: string, key: string, retry: number) {
      kept = [...kept.slice(1 - mostKeys), { url, key, retry, untilMs: performance.now() + resentWithinMs }];
    },
    /** The newest one: an older one may be of a call that the SDK has given up. */
    take(url: string, retry: number): string | undefined {
      const now = performance.now();
      const found = kept.findLast((each) => each.url === url && each.retry === retry && each.untilMs > now);
      kept = kept.filter((each) => each !== found);
      return found?.key;
    },
  };
}

function urlIn(body: string): string | undefined {
  try {
    const { url } = JSON.parse(body);
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}

/** What Purge Desk refuses or cannot do becomes an answer of ImageKit. The SDK's own time-out stays an abort. */
async function answered(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PurgeDeskError)) throw error;
    if (error.code === "aborted") throw error.cause;
    return errorAnswer(error);
  }
}

function errorAnswer({ code, message, problem }: PurgeDeskError): Response {
  switch (code) {
    case "invalid-urls": {
      const violations = badLineIn(problem)?.violations ?? [];
      const isRepeating = violations.some((each) => each.code === "repeating");
      const help = violations.map((each) => each.message).join(" ") || message;
      return isRepeating ? finalRefusal(help) : invalidUrl(help);
    }
    case "not-found":
      return imagekitError(400, "No request found for this requestId.", message);
    case "unauthorized":
      return imagekitError(401, "Your request does not contain private API key.", message);
    case "forbidden":
      return imagekitError(403, "Your account cannot be authenticated.", message);
    case "budget-exhausted":
      return finalRefusal(message);
    case "rate-limited":
      return imagekitError(429, message);
    default:
      return imagekitError(503, message, code);
  }
}

function invalidUrl(help: string | undefined): Response {
  return imagekitError(400, "The URL is not valid for cache purging.", help);
}

/** Without the header the SDK resends a 429 automatically. */
function finalRefusal(message: string): Response {
  return imagekitError(429, message, undefined, { "x-should-retry": "false" });
}

function endedAs(purges: readonly Purge[]): string {
  return purges
    .map(({ id, state, error }) => `${id} was ${state}: ${error?.message ?? "see its timeline"}`)
    .join(" ");
}

function imagekitError(
  status: number,
  message: string,
  help?: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ message, help }, { status, headers });
}
