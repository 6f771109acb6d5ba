import { farthestSendMs } from "../../../rules/limits.ts";
import { type RequestDraft, type Sending, sendings } from "../../shared/request-draft.ts";
import { localTime, readersZone } from "./local-time.ts";

type Answer = Pick<RequestDraft, "sending" | "settleSeconds" | "sendAfter">;

export type SendingChoice = {
  readonly sending: () => Sending;
  /** The chosen time as an ISO time; undefined if no time is chosen. */
  readonly sendAfter: () => string | undefined;
  readonly answered: () => Answer;
  readonly answer: (answer: Answer) => void;
  /** What is wrong with the chosen time; undefined if nothing is. */
  readonly problem: () => string | undefined;
};

/** When to send, as chosen. The field shows the reader's local time; the form sends it in UTC. */
export function sendingChoice(form: HTMLFormElement, details: HTMLDetailsElement): SendingChoice {
  const radios = [...details.querySelectorAll<HTMLInputElement>("input[name=sending]")];
  const field = details.querySelector<HTMLInputElement>("input[name=sendAfter]");
  const pause = details.querySelector<HTMLSelectElement>("select[name=settleSeconds]");
  const zone = details.querySelector("[data-zone]");
  if (zone !== null) zone.textContent = `Time (yours, ${readersZone()})`;
  if (field !== null && field.value !== "") field.value = localTime(new Date(`${field.value}Z`));

  const choose = (sending: Sending) => {
    for (const radio of radios) radio.checked = radio.value === sending;
  };
  const sending = () => {
    const chosen = radios.find(({ checked }) => checked)?.value;
    return sendings.find((each) => each === chosen) ?? "now";
  };
  const sendAfter = () => {
    const at = new Date(sending() === "later" ? (field?.value ?? "") : "");
    return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  };
  form.addEventListener("formdata", ({ formData }) => {
    const at = sendAfter();
    if (at !== undefined) formData.set("sendAfter", at);
  });
  field?.addEventListener("input", () => choose("later"));
  pause?.addEventListener("input", () => choose("settle"));
  details.addEventListener("toggle", () => {
    if (field === null || !details.open) return;
    field.min = localTime(new Date());
    field.max = localTime(new Date(Date.now() + farthestSendMs));
  });
  return {
    sending,
    sendAfter,
    answered: () => ({
      sending: sending(),
      settleSeconds: pause?.value ?? "",
      sendAfter: sendAfter() ?? "",
    }),
    answer({ sending, settleSeconds, sendAfter }) {
      choose(sending);
      const at = new Date(sendAfter);
      if (field !== null) field.value = Number.isNaN(at.getTime()) ? "" : localTime(at);
      if (pause !== null) pause.value = settleSeconds;
      if (sending !== "now") details.open = true;
    },
    problem() {
      if (sending() !== "later") return undefined;
      const at = Date.parse(sendAfter() ?? "");
      if (Number.isNaN(at)) return "Enter a send time.";
      if (at < Date.now()) return "The send time has passed. Enter a later one.";
      return at > Date.now() + farthestSendMs ? "The send time can be at most 31 days ahead." : undefined;
    },
  };
}
