import { type Answer, jsonOf } from "./answer.ts";
import type { PollOutcome } from "./outcome.ts";
import { resetMsOf, saidBy } from "./said.ts";
import { isSaying, StatusAnswer, unknownIdWords } from "./wire.ts";

/** What an answer about a purge's status means. `clean` makes a text from outside fit to be shown. */
export function pollOutcome(answer: Answer, clean: (text: string) => string): PollOutcome {
  const { status } = answer;
  const said = saidBy(answer);
  const message = clean(said);

  if (status >= 200 && status < 300) return statusOutcome(answer, clean);
  if (status === 400 && isSaying(said, unknownIdWords)) return { outcome: "unknown-id", message };
  if (status === 401 || status === 403) return { outcome: "unauthorized", status, message };
  if (status === 429) return { outcome: "throttled", resetMs: resetMsOf(answer), message };
  if (status >= 500 || status === 408)
    return { outcome: "failed", message: clean(`HTTP ${status}: ${said}`) };
  return { outcome: "unexpected", status, message };
}

function statusOutcome(answer: Answer, clean: (text: string) => string): PollOutcome {
  const parsed = StatusAnswer.safeParse(jsonOf(answer));
  if (!parsed.success) return { outcome: "failed", message: clean(`no status in: ${saidBy(answer)}`) };
  switch (parsed.data.status.trim().toLowerCase()) {
    case "pending":
      return { outcome: "pending" };
    case "completed":
    case "complete": // old answers, before "Completed"
      return { outcome: "completed" };
    default:
      return { outcome: "failed", message: clean(`unknown status "${parsed.data.status}"`) };
  }
}
