import { localTime } from "./local-time.ts";

/** Asks when the image changed, only if the answer makes a difference. */
export type ChangedAtQuestion = {
  /** Shows or hides the question. It stays visible once it is answered. */
  readonly ask: (isAsked: boolean) => void;
  /** The answer as an ISO time; undefined: just now. */
  readonly time: () => string | undefined;
  /** “Earlier” is chosen. */
  readonly isBefore: () => boolean;
  /** “Earlier” is chosen, and no time is entered. */
  readonly isTimeMissing: () => boolean;
  /** Fills in an answer: an ISO time or, if it was not entered yet, an empty text; undefined: just now. */
  readonly answer: (time: string | undefined) => void;
};

/** Makes the fieldset's time local to the reader, and adds the zone when the form is sent. */
export function changedAtQuestion(form: HTMLFormElement, fieldset: HTMLFieldSetElement): ChangedAtQuestion {
  const field = fieldset.querySelector<HTMLInputElement>("input[name=changedAt]");
  const before = fieldset.querySelector<HTMLInputElement>("input[value=before]");
  const now = fieldset.querySelector<HTMLInputElement>("input[value=now]");
  const zone = fieldset.querySelector("[data-zone]");
  if (zone !== null) zone.textContent = "Time of the change (your time)";
  if (field !== null && field.value !== "") field.value = localTime(new Date(`${field.value}Z`));

  const isEarlier = () => !fieldset.disabled && before?.checked === true;
  const time = () => {
    const at = new Date(isEarlier() ? lastSecond(field?.value ?? "") : "");
    return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  };
  form.addEventListener("formdata", ({ formData }) => {
    const at = time();
    if (at !== undefined) formData.set("changedAt", at);
  });
  field?.addEventListener("input", () => {
    if (before !== null) before.checked = true;
  });
  return {
    time,
    isBefore: isEarlier,
    answer(answered) {
      if (before === null || now === null || field === null) return;
      before.checked = answered !== undefined;
      now.checked = answered === undefined;
      const at = new Date(answered ?? "");
      field.value = Number.isNaN(at.getTime()) ? "" : localTime(at);
      if (answered === undefined) return;
      fieldset.hidden = false;
      fieldset.disabled = false;
    },
    isTimeMissing: () => isEarlier() && time() === undefined,
    ask(isAsked) {
      const isShown = isAsked || isEarlier();
      fieldset.hidden = !isShown;
      fieldset.disabled = !isShown;
    },
  };
}

/** Anyone who enters a minute may mean any moment of it. */
function lastSecond(time: string): string {
  return /T\d\d:\d\d$/.test(time) ? `${time}:59` : time;
}
