import { type Answer, jsonOf } from "./answer.ts";
import type { SendOutcome } from "./outcome.ts";
import { resetMsOf, saidBy } from "./said.ts";
import { isSaying, PurgeAnswer, refusals } from "./wire.ts";

/** What an answer to a purge means. `clean` makes a text from outside fit to be shown. */
export function sendOutcome(answer: Answer, clean: (text: string) => string): SendOutcome {
  const { status } = answer;
  const said = saidBy(answer);
  const message = clean(said);

  if (status >= 200 && status < 300) {
    const purge = PurgeAnswer.safeParse(jsonOf(answer));
    if (purge.success) return { outcome: "accepted", status, imagekitRequestId: purge.data.requestId };
    return { outcome: "untraceable", status, message };
  }
  if (status === 400 && refusals.some((words) => isSaying(said, words))) {
    return { outcome: "refused", status, message };
  }
  if (status === 401 || status === 403) return { outcome: "unauthorized", status, message };
  if (status === 429) return { outcome: "throttled", resetMs: resetMsOf(answer), message };
  // 408: somebody on the way gave up waiting, which does not say what ImageKit did.
  if (status >= 500 || status === 408)
    return { outcome: "unknown", message: clean(`HTTP ${status}: ${said}`) };
  return { outcome: "unexpected", status, message };
}
