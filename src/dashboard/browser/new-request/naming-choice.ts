import { type Naming, namings } from "../../shared/naming.ts";

export type NamingChoice = {
  readonly value: () => Naming;
  readonly answer: (naming: Naming) => void;
};

/** Whether the lines name images or URLs, as chosen in the form. */
export function namingChoice(fieldset: HTMLFieldSetElement): NamingChoice {
  const inputs = [...fieldset.querySelectorAll("input")];
  return {
    value() {
      const chosen = inputs.find(({ checked }) => checked)?.value;
      return namings.find((naming) => naming === chosen) ?? "automatic";
    },
    answer(naming) {
      for (const input of inputs) input.checked = input.value === naming;
    },
  };
}
