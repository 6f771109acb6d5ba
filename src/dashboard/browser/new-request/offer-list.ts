import type { CoverWords } from "../../shared/cover-words.ts";
import type { WholeImages } from "../../shared/whole-images.ts";
import { element, iconElement } from "../element.ts";

type OfferListOptions = {
  readonly onCover: (prefix: string, isAccepted: boolean) => void;
  readonly onWholeImages: () => void;
};

/** Offers to clear more for less, each with a button that accepts it or takes that back; the same elements as in covers.tsx. */
export function offerList({ onCover, onWholeImages }: OfferListOptions) {
  const list = element("ul", { class: "covers", "aria-label": "Offers" });
  let shown = "";
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button === null) return;
    const isWhole = button.name === "intent";
    if (isWhole) onWholeImages();
    else onCover(button.value, button.name === "accept");
    // The button disappears with its offer, so the focus moves to the next one. The status announces the result.
    (list.querySelector("button") ?? document.getElementById("request-urls"))?.focus();
  });

  return {
    place: list,
    show(covers: readonly CoverWords[], wholeImages: WholeImages | undefined): void {
      const key = JSON.stringify([covers, wholeImages]);
      if (key === shown) return;
      shown = key;
      list.replaceChildren(
        ...(wholeImages === undefined ? [] : [wholeElement(wholeImages)]),
        ...covers.map(coverElement),
      );
      list.hidden = list.childElementCount === 0;
    },
  };
}

function wholeElement({ text, button }: WholeImages): HTMLElement {
  const accept = element("button", { type: "button", class: "small", name: "intent" }, button);
  return element("li", { class: "info" }, iconElement("info"), element("span", {}, text), accept);
}

function coverElement({ prefix, kind, text, button }: CoverWords): HTMLElement {
  const isAccepted = kind === "accepted";
  const name = isAccepted ? "undo" : "accept";
  const which = element("span", { class: "visually-hidden" }, `: ${prefix}`);
  const act =
    button === undefined
      ? undefined
      : element("button", { type: "button", class: "small", name, value: prefix }, button, which);
  const tone = isAccepted ? "ok" : "info";
  return element("li", { class: tone }, iconElement(tone), element("span", {}, text), act);
}
