/** The question when the image changed, which is put only where the answer makes a difference. */
export type ChangedAtQuestion = {
  /** Puts it, or takes it away. Whoever has answered it keeps seeing it. */
  readonly ask: (isAsked: boolean) => void;
  /** The answer as an ISO time; nothing: just now. */
  readonly time: () => string | undefined;
  /** "Earlier" was chosen, and no time as yet. */
  readonly isTimeMissing: () => boolean;
};

/** Takes over the fieldset: its time is in the reader's zone from here on, and is sent with its zone. */
export function changedAtQuestion(form: HTMLFormElement, fieldset: HTMLFieldSetElement): ChangedAtQuestion {
  const field = fieldset.querySelector<HTMLInputElement>("input[name=changedAt]");
  const before = fieldset.querySelector<HTMLInputElement>("input[value=before]");
  const zone = fieldset.querySelector("[data-zone]");
  if (zone !== null) zone.textContent = "Time of the change (your time)";
  if (field !== null && field.value !== "") field.value = localTime(new Date(`${field.value}Z`));

  const isEarlier = () => !fieldset.disabled && before?.checked === true;
  const time = () => {
    const at = new Date(isEarlier() ? (field?.value ?? "") : "");
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
    isTimeMissing: () => isEarlier() && time() === undefined,
    ask(isAsked) {
      const isShown = isAsked || isEarlier();
      fieldset.hidden = !isShown;
      fieldset.disabled = !isShown;
    },
  };
}

/** As `datetime-local` wants it: the reader's time without a zone. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
