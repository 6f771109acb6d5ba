import { clockOf } from "./times.ts";

/**
 * A line at the foot of the window that says why the page may no longer be true, since when, and what happens next.
 * It says by itself when the browser is offline, on every page.
 */
export function connectionNote(root: Document) {
  const place = root.createElement("div");
  place.className = "connection";
  place.setAttribute("role", "status");
  root.body.append(place);
  let trueAt = clockOf(new Date());
  let isOver = false;

  const show = (text: string, link?: { readonly href: string; readonly words: string }) => {
    const shown = root.createElement("p");
    shown.append(icon(root), text);
    if (link !== undefined) {
      const anchor = root.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.words;
      shown.append(" ", anchor);
    }
    // Said once, not at every attempt.
    if (place.textContent !== shown.textContent) place.replaceChildren(shown);
  };
  const showWhatWasKnown = (trouble: string) => {
    const why = navigator.onLine ? trouble : "You are offline.";
    if (!isOver) show(`${why} This is what was known at ${trueAt}; the page catches up by itself.`);
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
      show(`This is what was known at ${trueAt}; the page is no longer kept up to date.`, {
        href: location.href,
        words: "Reload it",
      });
    },
    endSession() {
      isOver = true;
      const next = encodeURIComponent(location.pathname + location.search);
      show(`Your session has ended. This is what was known at ${trueAt}.`, {
        href: `${root.body.dataset["basePath"] ?? ""}/sign-in?next=${next}`,
        words: "Sign in again",
      });
    },
  };
}

const svg = "http://www.w3.org/2000/svg";

/** As `Icon` makes it on the server. */
function icon(root: Document): Element {
  const picture = root.createElementNS(svg, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = root.createElementNS(svg, "use");
  use.setAttribute("href", "#i-warning");
  picture.append(use);
  return picture;
}
