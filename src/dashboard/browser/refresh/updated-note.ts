const tickMs = 5_000;

/**
 * Says how long ago the page was brought up to date, in the element marked with `data-updated`. Measured here, because the
 * server's clock and the browser's may differ.
 */
export function updatedNote(root: Document): { readonly tellFresh: () => void } {
  let at = Date.now();
  const show = () => {
    const place = root.querySelector("[data-updated]");
    if (place !== null) place.textContent = `updated ${ago(Date.now() - at)}`;
  };
  show();
  setInterval(show, tickMs);
  return {
    tellFresh() {
      at = Date.now();
      show();
    },
  };
}

function ago(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3) return "just now";
  return seconds < 60 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}
