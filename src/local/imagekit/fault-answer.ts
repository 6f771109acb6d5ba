import { STATUS_CODES } from "node:http";
import { errorAnswer, type SimulatedAnswer, throttled, words } from "./answers.ts";
import type { Fault } from "./faults.ts";

/** What a fault makes of a request; `process` is what would have happened without it. */
export function faultAnswer(
  fault: Fault,
  endpoint: "send" | "poll",
  path: string,
  process: () => SimulatedAnswer,
): SimulatedAnswer {
  const { kind } = fault;
  if (typeof kind === "number") return afterProcessing(fault, process, statusAnswer(fault, kind, endpoint));
  switch (kind) {
    case "slow":
    case "reset-after-processing":
      return process();
    case "garbage":
      return instead(process(), { text: "%PDF-1.4 <<< this is not JSON" });
    case "no-request-id":
      return instead(process(), { json: { status: "ok" } });
    case "redirect": {
      const headers = { Location: `${path}?redirected` };
      return afterProcessing(fault, process, { outcome: "failed", status: 302, headers, text: "" });
    }
    case "hang":
    case "reset-before-body-is-read":
      return afterProcessing(fault, process, { outcome: "lost-before", status: 0, text: "" });
  }
}

function statusAnswer(fault: Fault, status: number, endpoint: "send" | "poll"): SimulatedAnswer {
  if (status === 429) return throttled(20, fault.resetMs ?? 1_000, fault.message);
  return errorAnswer(status, fault.message ?? usualWords(status, endpoint));
}

function usualWords(status: number, endpoint: "send" | "poll"): string {
  if (status === 400) return endpoint === "send" ? words.notPurgeable : words.unknownId;
  if (status === 401) return words.noKey;
  if (status === 403) return words.wrongKey;
  return STATUS_CODES[status] ?? "Something went wrong.";
}

/** The fault's answer; `processed` faults have let the request through first, and count what came of it. */
function afterProcessing(
  { processed }: Fault,
  process: () => SimulatedAnswer,
  answer: SimulatedAnswer,
): SimulatedAnswer {
  if (processed !== true) return answer;
  const { outcome, imagekitRequestId } = process();
  return { ...answer, outcome, ...(imagekitRequestId === undefined ? {} : { imagekitRequestId }) };
}

/** Another body under a success; an error stays as it is. */
function instead(
  answer: SimulatedAnswer,
  body: { readonly text: string } | { readonly json: unknown },
): SimulatedAnswer {
  if (answer.status >= 300) return answer;
  const { outcome, status, headers = {}, imagekitRequestId = "" } = answer;
  return { outcome, status, headers, imagekitRequestId, ...body };
}
