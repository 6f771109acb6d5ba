import { element, iconElement } from "../element.ts";
import { clockOf } from "../local-times.ts";

/**
 * A line at the foot of the window that says why the page may no longer be true, since when, and what happens next.
 * It says by itself when the browser is offline, on every page.
 */
export function connectionNote(root: Document) {
  const place = element("div", { class: "connection", role: "status" });
  root.body.append(place);
  let trueAt = clockOf(new Date());
  let isOver = false;

  const show = (text: string, ...link: readonly (Node | string)[]) => {
    const shown = element("p", {}, iconElement("warning"), text, ...link);
    // Said once, not at every attempt.
    if (place.textContent !== shown.textContent) place.replaceChildren(shown);
  };
  const showWhatWasKnown = (trouble: string) => {
    const why = navigator.onLine ? trouble : "You are offline.";
    const catchesUp = root.querySelector("[data-refresh-seconds]") ? "; the page catches up by itself" : "";
    if (!isOver) show(`${why} This is what was known at ${trueAt}${catchesUp}.`);
  };
  const hide = () => {
    if (!isOver) place.replaceChildren();
  };
  window.addEventListener("offline", () => showWhatWasKnown(""));
  window.addEventListener("online", hide);
  if (!navigator.onLine) showWhatWasKnown("");

  return {
    tellTrouble: showWhatWasKnown,
    tellFresh() {
      trueAt = clockOf(new Date());
      hide();
    },
    tellGone() {
      isOver = true;
      const text = `This is what was known at ${trueAt}; the page is no longer kept up to date. `;
      show(text, element("a", { href: location.href }, "Reload it"));
    },
    endSession() {
      isOver = true;
      const next = encodeURIComponent(location.pathname + location.search);
      const href = `${root.body.dataset["basePath"] ?? ""}/sign-in?next=${next}`;
      const text = `Your session has ended. This is what was known at ${trueAt}. `;
      show(text, element("a", { href }, "Sign in again"));
    },
  };
}
