import { type Answer, jsonOf } from "./answer.ts";
import type { PollOutcome, SendOutcome } from "./outcome.ts";
import {
  ErrorAnswer,
  isSameSentence,
  PurgeAnswer,
  rateLimitResetHeader,
  refusals,
  StatusAnswer,
  unknownIdWords,
} from "./wire.ts";

/**
 * What an answer to `POST /v1/files/purge` means for the purge and its unit. `clean` makes a text from outside safe
 * to show.
 */
export function interpretSend(answer: Answer, clean: (text: string) => string): SendOutcome {
  const { status } = answer;
  const explanation = explanationIn(answer);
  const message = clean(explanation);

  if (status >= 200 && status < 300) {
    const purge = PurgeAnswer.safeParse(jsonOf(answer));
    if (purge.success) return { outcome: "accepted", status, imagekitRequestId: purge.data.requestId };
    return { outcome: "untraceable", status, message };
  }
  if (status === 400 && refusals.some((refusal) => isSameSentence(explanation, refusal))) {
    return { outcome: "refused", status, message };
  }
  if (status === 401 || status === 403) return { outcome: "unauthorized", status, message };
  if (status === 429) return { outcome: "throttled", resetMs: rateLimitResetMs(answer), message };
  // 408: some server in between gave up waiting, which does not say what ImageKit did.
  if (status >= 500 || status === 408)
    return { outcome: "unknown", message: clean(`HTTP ${status}: ${explanation}`) };
  return { outcome: "unexpected", status, message };
}

/** What an answer to `GET /v1/files/purge/{requestId}` means. `clean` as above. */
export function interpretPoll(answer: Answer, clean: (text: string) => string): PollOutcome {
  const { status } = answer;
  const explanation = explanationIn(answer);
  const message = clean(explanation);

  if (status >= 200 && status < 300) return interpretStatus(answer, clean);
  if (status === 400 && isSameSentence(explanation, unknownIdWords)) {
    return { outcome: "unknown-id", message };
  }
  if (status === 401 || status === 403) return { outcome: "unauthorized", status, message };
  if (status === 429) return { outcome: "throttled", resetMs: rateLimitResetMs(answer), message };
  if (status >= 500 || status === 408)
    return { outcome: "failed", message: clean(`HTTP ${status}: ${explanation}`) };
  return { outcome: "unexpected", status, message };
}

function interpretStatus(answer: Answer, clean: (text: string) => string): PollOutcome {
  const parsed = StatusAnswer.safeParse(jsonOf(answer));
  if (!parsed.success) return { outcome: "failed", message: clean(`no status in: ${explanationIn(answer)}`) };
  switch (parsed.data.status.trim().toLowerCase()) {
    case "pending":
      return { outcome: "pending" };
    case "completed":
    case "complete": // ImageKit's word before it became "Completed"
      return { outcome: "completed" };
    default:
      return { outcome: "failed", message: clean(`unknown status "${parsed.data.status}"`) };
  }
}

/** The answer's own explanation, not yet cleaned: its `message`, else its body, else that there is none. */
function explanationIn(answer: Answer): string {
  const error = ErrorAnswer.safeParse(jsonOf(answer));
  if (error.success) return error.data.message;
  const location = answer.headers.get("location");
  if (answer.status < 400 && location !== null) return `redirected to ${location}`;
  if (answer.text.trim() !== "") return answer.text;
  if (answer.end === "cut") return "the connection closed or timed out before the body of the answer arrived";
  return answer.status === 0 ? "redirected" : "an answer without a body";
}

/** How long to wait for the rate limit, in milliseconds, if the answer gives a number. */
function rateLimitResetMs(answer: Answer): number | undefined {
  const value = answer.headers.get(rateLimitResetHeader)?.trim();
  return value !== undefined && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
