import { coverField } from "../../shared/request-draft.ts";

export type AcceptedCovers = {
  /** The covers, in the order in which the reader accepted them. */
  readonly prefixes: () => readonly string[];
  readonly set: (prefix: string, isAccepted: boolean) => void;
  /** Replaces all of them. */
  readonly answer: (prefixes: readonly string[]) => void;
};

/** The folders that the reader allows to be cleared whole: as the page came, and from then on; sent with the form. */
export function acceptedCovers(form: HTMLFormElement): AcceptedCovers {
  let accepted: readonly string[] = [];
  for (const input of form.querySelectorAll<HTMLInputElement>(`input[name^="${coverField}"]`)) {
    accepted = [...accepted, input.value];
    input.remove();
  }
  form.addEventListener("formdata", ({ formData }) => {
    accepted.forEach((prefix, index) => {
      formData.set(`${coverField}${index}`, prefix);
    });
  });
  return {
    prefixes: () => accepted,
    set(prefix, isAccepted) {
      const others = accepted.filter((each) => each !== prefix);
      accepted = isAccepted ? [...others, prefix] : others;
    },
    answer(prefixes) {
      accepted = [...prefixes];
    },
  };
}
