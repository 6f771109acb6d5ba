import { element, iconElement } from "../element.ts";
import { clockOf } from "../local-times.ts";

/**
 * A line at the bottom of the window that says why the page may be out of date, since when, and what happens next. On
 * every page it also reports when the browser is offline.
 */
export function connectionNote(root: Document) {
  const place = element("div", { class: "connection", role: "status" });
  root.body.append(place);
  let trueAt = clockOf(new Date());
  let isOver = false;

  const show = (text: string, ...link: readonly (Node | string)[]) => {
    const shown = element("p", {}, iconElement("warning"), text, ...link);
    // Announced once, not at every attempt.
    if (place.textContent !== shown.textContent) place.replaceChildren(shown);
  };
  const showWhatWasKnown = (trouble: string) => {
    const why = navigator.onLine ? trouble : "You are offline.";
    const catchesUp = root.querySelector("[data-refresh-seconds]") ? ", and updates automatically" : "";
    if (!isOver) show(`${why} This page shows the state at ${trueAt}${catchesUp}.`);
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
      const text = `This page shows the state at ${trueAt} and is no longer updated. `;
      show(text, element("a", { href: location.href }, "Reload it"));
    },
    endSession() {
      isOver = true;
      const next = encodeURIComponent(location.pathname + location.search);
      const href = `${root.body.dataset["basePath"] ?? ""}/sign-in?next=${next}`;
      const text = `Your session has ended. This page shows the state at ${trueAt}. `;
      show(text, element("a", { href }, "Sign in again"));
    },
  };
}
