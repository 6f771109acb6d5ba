import { anywayField } from "../../shared/send-anyway.ts";

export type SendAnyway = {
  /** The lines that are sent although they are probably a mistake, as `anywayName` names them. */
  readonly names: ReadonlySet<string>;
  readonly set: (name: string, isSent: boolean) => void;
  /** Replaces all names. */
  readonly answer: (names: readonly string[]) => void;
};

/** What the reader has said about lines that are probably a mistake: as the page came, and from then on; sent with the form. */
export function sendAnyway(container: HTMLElement, form: HTMLFormElement): SendAnyway {
  const names = new Set<string>();
  for (const input of container.querySelectorAll<HTMLInputElement>(`input[name^="${anywayField}"]`)) {
    if (input.type === "hidden" || input.checked) names.add(input.value);
    input.remove();
  }
  form.addEventListener("formdata", ({ formData }) => {
    [...names].forEach((name, index) => {
      formData.set(`${anywayField}${index}`, name);
    });
  });
  return {
    names,
    set(name, isSent) {
      if (isSent) names.add(name);
      else names.delete(name);
    },
    answer(given) {
      names.clear();
      for (const name of given) names.add(name);
    },
  };
}
