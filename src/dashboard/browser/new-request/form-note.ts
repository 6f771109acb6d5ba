import { element, iconElement } from "../element.ts";

type Action = { readonly label: string; readonly run: () => void };

export type FormNote = {
  readonly show: (text: string, actions: readonly Action[]) => void;
  readonly hide: () => void;
};

/** A note with what can be done about it, which screen readers announce when it appears. `place` puts it on the page. */
export function formNote(place: (note: HTMLElement) => void): FormNote {
  const text = element("p", { "aria-live": "polite" });
  const buttons = element("p", { class: "buttons" });
  const note = element(
    "div",
    { class: "callout info form-note" },
    iconElement("info"),
    element("div", {}, text, buttons),
  );
  note.hidden = true;
  place(note);
  return {
    show(sentence, actions) {
      note.hidden = false;
      buttons.hidden = actions.length === 0;
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
