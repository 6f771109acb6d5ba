import type { Connection } from "./connection.ts";
import { PurgeDeskError } from "./purge-desk-error.ts";

export type Call = {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  /** Names what is submitted, so that it is not submitted twice. */
  readonly key?: string;
  readonly signal?: AbortSignal | undefined;
  /** For how long Purge Desk may hold its answer, because it was asked to. */
  readonly heldMs?: number;
  /** When the caller gives up, on the clock of `performance`. Its last try ends soon after. */
  readonly endsAt?: number;
};

/** How long one answer may take besides: several times what Purge Desk takes. */
const patienceMs = 20_000;
/** An answer may be this much later than the caller's time: one that is held is asked for in whole seconds. */
const graceMs = 1_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * Calls the API, and gives the body of its answer. Safe for what changes nothing when it is sent twice, because it sends
 * again, with growing pauses, after: no connection, a time-out, a lost or unusable answer, a 5xx that may pass, and 429
 * `rate-limited`, for which it waits as long as the answer says. Throws PurgeDeskError.
 */
export async function call<T>(connection: Connection, request: Call): Promise<T> {
  const { signal, heldMs = 0, endsAt = Infinity } = request;
  const { retryForMs } = connection;
  // While Purge Desk holds its answer, nothing is tried: else a hanging connection would use up all of the time.
  const until = Math.min(performance.now() + (retryForMs && retryForMs + heldMs), endsAt);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const leftMs = Math.max(0, endsAt - performance.now());
    const answer = await callOnce<T>(connection, request, Math.min(patienceMs + heldMs, leftMs + graceMs));
    if (!(answer instanceof PurgeDeskError)) return answer;
    // Half of the pause is random, so that many callers do not come back at the same moment.
    const waitMs = answer.retryAfterMs ?? pauseMs * (0.5 + Math.random() / 2);
    if (!mayPass(answer) || performance.now() + waitMs > until) throw answer;
    await sleep(waitMs, signal);
  }
}

async function callOnce<T>(
  { url, token, fetch }: Connection,
  { method = "GET", path, body, key, signal, heldMs }: Call,
  timeoutMs: number,
): Promise<T | PurgeDeskError> {
  throwIfAborted(signal);
  // Outside of what is tried again: a body that is no JSON never will be.
  const sent: string | undefined = JSON.stringify(body);
  // Whole milliseconds: a fraction is a RangeError.
  const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/json",
        ...(sent && { "Content-Type": "application/json" }),
        ...(heldMs && { Prefer: `wait=${Math.ceil(heldMs / 1000)}` }),
        ...(key && { "Idempotency-Key": key }),
      },
      body: sent ?? null,
      // The token is for this address only, and a redirected POST would lose its body.
      redirect: "manual",
      signal: AbortSignal.any(signal ? [signal, timeout] : [timeout]),
    });
    return readAnswer<T>(url, response, await response.text());
  } catch (cause) {
    throwIfAborted(signal);
    const why = timeout.aborted
      ? `no answer within ${Math.ceil(timeoutMs / 1000)} s`
      : "no connection, or a lost answer";
    return new PurgeDeskError("unreachable", `Purge Desk at ${url} cannot be reached: ${why}`, { cause });
  }
}

function readAnswer<T>(url: string, response: Response, text: string): T | PurgeDeskError {
  const { ok, status, headers } = response;
  const body = parseJson(text);
  if (ok && body !== undefined) return body;
  const seconds = headers.get("Retry-After");
  const retryAfterMs = /^\d{1,6}$/.test(seconds ?? "") ? Number(seconds) * 1000 : undefined;
  if (typeof body?.code === "string" && typeof body.detail === "string") {
    return new PurgeDeskError(body.code, body.detail, { problem: body, status, retryAfterMs });
  }
  const details = { status, retryAfterMs };
  if (status >= 500 || status === 429) {
    const message = `Purge Desk at ${url} cannot be reached: a gateway answered ${status}`;
    return new PurgeDeskError("unreachable", message, details);
  }
  const to = headers.get("Location");
  const what = to === null ? (headers.get("Content-Type") ?? "") : `and points to ${to.slice(0, 200)}`;
  const message = `What answers at ${response.url} is not Purge Desk: ${status} ${what}`;
  return new PurgeDeskError("unexpected-answer", message, details);
}

/** Undefined for what is no JSON. */
function parseJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The id, which is safe in a path. Throws PurgeDeskError `not-found` for what no id can be. */
export function checkedId(id: string): string {
  if (/^\w+$/.test(id)) return id;
  throw new PurgeDeskError("not-found", `Not an id: ${id}`);
}

/** Whether the same request may succeed later. A budget that is exhausted stays so for weeks. */
export function mayPass({ code }: PurgeDeskError): boolean {
  return /^(unreachable|rate-limited|ledger-unavailable|internal|body-timeout)$/.test(code);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PurgeDeskError("aborted", "aborted", { cause: signal.reason });
}

/** Waits, and throws PurgeDeskError `aborted` as soon as the signal is. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
  throwIfAborted(signal);
}
