import { element, iconElement } from "../element.ts";

type Action = { readonly label: string; readonly run: () => void };

export type FormNote = {
  readonly show: (text: string, actions: readonly Action[]) => void;
  readonly hide: () => void;
};

/** A note above the form's fields with what can be done about it, which screen readers announce when it appears. */
export function formNote(form: HTMLFormElement): FormNote {
  const text = element("p", { "aria-live": "polite" });
  const buttons = element("p", { class: "buttons" });
  const note = element(
    "div",
    { class: "callout info form-note" },
    iconElement("info"),
    element("div", {}, text, buttons),
  );
  note.hidden = true;
  form.prepend(note);
  return {
    show(sentence, actions) {
      note.hidden = false;
      buttons.replaceChildren(
        ...actions.map(({ label, run }) => {
          const button = element("button", { type: "button", class: "small" }, label);
          button.addEventListener("click", run);
          return button;
        }),
      );
      text.textContent = sentence;
    },
    hide() {
      note.hidden = true;
      text.textContent = "";
    },
  };
}
