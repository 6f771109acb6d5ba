import * as z from "zod";
import { CannotStart } from "./cannot-start.ts";

/** What the ledger asks of its token: to run scripts. It needs no key, so it changes nothing. */
const probe = ["EVAL", "return 'here'", "0"];
const answersWithinMs = 5_000;
const longestAnswer = 10_000;

const answerBody = z.union([z.object({ result: z.literal("here") }), z.object({ error: z.string() })]);

/** Makes one request to Upstash Redis. Throws CannotStart, in one sentence and in bounded time, unless a ledger can use it. */
export async function checkUpstash({
  url,
  token,
  withinMs = answersWithinMs,
}: {
  readonly url: string;
  readonly token: string;
  readonly withinMs?: number;
}): Promise<void> {
  const name = "UPSTASH_REDIS_REST_URL";
  const { status, body } = await ask(url, token, withinMs).catch((cause: unknown) => {
    throw new CannotStart(`${name}: no Upstash Redis can be reached at that address (${reason(cause)})`, {
      cause,
    });
  });
  if (status === 401 || status === 403) {
    throw new CannotStart(
      "UPSTASH_REDIS_REST_TOKEN: is not accepted at the address of UPSTASH_REDIS_REST_URL",
    );
  }
  if (body === undefined) {
    throw new CannotStart(
      `${name}: what answers at that address (status ${status}) is not Upstash Redis' REST API`,
    );
  }
  if ("result" in body) return;
  throw new CannotStart(
    /^NOPERM/.test(body.error)
      ? "UPSTASH_REDIS_REST_TOKEN: may not run scripts. Take the standard token, not the read-only one"
      : `${name}: the Redis at that address cannot be used (${body.error.slice(0, 200).replaceAll(/\p{C}/gu, " ")})`,
  );
}

async function ask(url: string, token: string, withinMs: number) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(probe),
    // The token goes to the address that was given and to no other.
    redirect: "manual",
    signal: AbortSignal.timeout(withinMs),
  });
  return { status: answer.status, body: parsed(await answer.text()) };
}

function parsed(text: string): z.output<typeof answerBody> | undefined {
  try {
    return answerBody.safeParse(JSON.parse(text.slice(0, longestAnswer))).data;
  } catch {
    return undefined;
  }
}

/** The innermost cause says it best: `fetch failed` alone says nothing. */
function reason(thrown: unknown): string {
  let cause = thrown;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  if (!(cause instanceof Error)) return "unknown reason";
  if (cause.name === "TimeoutError") return "no answer in time";
  const code = "code" in cause ? String(cause.code) : "";
  return words[code] ?? (code === "" ? cause.message.slice(0, 100) : code);
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be looked up now",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10 s",
};
