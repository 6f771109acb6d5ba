import type { RequestDraft } from "../../shared/request-draft.ts";
import { timeTyped } from "./time-typed.ts";

const pauses = [
  { seconds: "60", words: "1 minute" },
  { seconds: "300", words: "5 minutes" },
  { seconds: "900", words: "15 minutes" },
  { seconds: "3600", words: "1 hour" },
] as const;

/** When to send: at once, after a pause that others can share, or at a time. Without the script the time is in UTC. */
export function SendingChoice({ draft }: { readonly draft: RequestDraft }) {
  const { sending, settleSeconds, sendAfter } = draft;
  return (
    <details class="sending" open={sending !== "now"} data-sending>
      <summary>Send it later</summary>
      <fieldset>
        <legend class="visually-hidden">When to send</legend>
        <label>
          <input type="radio" name="sending" value="now" checked={sending === "now"} />
          At once
        </label>
        <div class="choice">
          <label>
            <input type="radio" name="sending" value="later" checked={sending === "later"} />
            At a set time, such as the start of a sale
          </label>
          <label class="when">
            <span data-zone>Time (UTC)</span>
            <input type="datetime-local" name="sendAfter" value={timeTyped(sendAfter)} />
          </label>
          <p class="hint">
            At most 31 days ahead. The units are set aside at once. You can cancel it until then.
          </p>
        </div>
        <div class="choice">
          <label>
            <input type="radio" name="sending" value="settle" checked={sending === "settle"} />
            After a pause, so that later requests for the same URL share the purge
          </label>
          <label class="when">
            Pause
            <select name="settleSeconds">
              {pauses.map(({ seconds, words }) => (
                <option value={seconds} selected={seconds === settleSeconds}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        </div>
      </fieldset>
    </details>
  );
}
