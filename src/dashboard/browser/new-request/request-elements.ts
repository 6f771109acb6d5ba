export type RequestElements = ReturnType<typeof requestElements>;

/** The elements of the request form (pages/new-request/request-form.tsx). Throws if one is missing. */
export function requestElements(container: HTMLElement) {
  const find = <Kind extends Element>(selector: string, kind: new () => Kind): Kind => {
    const found = container.querySelector(selector);
    if (found instanceof kind) return found;
    throw new Error(`The form has no ${selector}`);
  };
  const figure = (place: number) => find(`[data-tally] div:nth-child(${place}) dd`, HTMLElement);
  find("[data-from-file]", HTMLElement).hidden = false;
  return {
    form: find("form", HTMLFormElement),
    area: find("textarea", HTMLTextAreaElement),
    reason: find("input[name=reason]", HTMLInputElement),
    key: find("input[name=key]", HTMLInputElement),
    skip: find("input[name=onInvalid]", HTMLInputElement),
    hold: find("input[name=onExhausted]", HTMLInputElement),
    check: find("[data-check]", HTMLButtonElement),
    submit: find("[data-submit]", HTMLButtonElement),
    why: find("[data-why]", HTMLElement),
    confirmed: find("[data-confirmed]", HTMLElement),
    status: find("[data-status]", HTMLElement),
    naming: find("[data-naming]", HTMLFieldSetElement),
    guess: find("[data-guess]", HTMLElement),
    sending: find("[data-sending]", HTMLDetailsElement),
    changedAt: find("[data-changed-at]", HTMLFieldSetElement),
    tally: { root: find("[data-tally]", HTMLElement), lines: figure(1), price: figure(2), after: figure(3) },
    guide: find("[data-guide]", HTMLElement),
    verdicts: find("[data-verdicts]", HTMLElement),
    list: find("[data-verdicts] > div", HTMLElement),
    file: {
      button: find("[data-from-file] button", HTMLButtonElement),
      input: find("[data-from-file] input", HTMLInputElement),
      taken: find("[data-taken]", HTMLElement),
    },
  };
}
