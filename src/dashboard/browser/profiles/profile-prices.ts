import { profilePrice } from "../../../planning/check-profile.ts";
import { linesIn, profilePriceWords } from "../../shared/profile-words.ts";
import { debounce } from "../debounce.ts";

const announceAfterMs = 900;

/** Keeps the price of each profile in a form up to date while it is edited, and announces it. */
export function profilePrices(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-profile-form]");
  if (form === null) return;
  form.querySelector("[data-check-price]")?.remove();
  const status = form.querySelector("[data-price-status]");
  const announce = debounce(announceAfterMs, (text: string) => {
    if (status !== null) status.textContent = text;
  });
  form.addEventListener("input", ({ target }) => {
    const fields = target instanceof Element ? target.closest<HTMLElement>("[data-profile-fields]") : null;
    const place = fields?.querySelector("[data-price]");
    if (fields === null || place === null || place === undefined) return;
    const words = profilePriceWords(profilePrice(profileIn(fields)));
    if (place.textContent === words) return;
    place.textContent = words;
    announce(words);
  });
}

/** The parts of a profile that decide its price. */
function profileIn(fields: HTMLElement) {
  const ticked = (kind: string) =>
    [...fields.querySelectorAll<HTMLInputElement>(`input[data-${kind}]`)].flatMap(({ checked, value }) =>
      checked ? [value] : [],
    );
  const typed = fields.querySelector<HTMLTextAreaElement>("textarea[name$='.transformations']")?.value ?? "";
  const transformations = [...new Set([...ticked("transformation"), ...linesIn(typed)])];
  return { name: "", paths: [], endpoints: ticked("endpoint"), transformations };
}
