import { type Answer, jsonOf } from "./answer.ts";
import { ErrorAnswer, rateLimitResetHeader } from "./wire.ts";

/** What an answer says for itself, as it came: its `message`, else its body, else that there is none. */
export function saidBy(answer: Answer): string {
  const error = ErrorAnswer.safeParse(jsonOf(answer));
  if (error.success) return error.data.message;
  const location = answer.headers.get("location");
  if (answer.status < 400 && location !== null) return `redirected to ${location}`;
  if (answer.text.trim() !== "") return answer.text;
  if (answer.end === "cut") return "the connection or the time-out ended the answer before its body";
  return answer.status === 0 ? "redirected" : "an answer without a body";
}

/** How long to wait for the rate limit, in milliseconds, when the answer says so in a number. */
export function resetMsOf(answer: Answer): number | undefined {
  const value = answer.headers.get(rateLimitResetHeader)?.trim();
  return value !== undefined && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
