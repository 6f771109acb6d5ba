/**
 * A choice among the filters takes effect at once. Leaves empty filters out of the address, and dims the list while another
 * page loads.
 */
export function filters(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form.filters");
  form?.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "") formData.delete(name);
    }
  });
  form?.addEventListener("submit", () => markBusy(root));
  form?.addEventListener("change", ({ target }) => {
    if (takesEffect(target)) form.requestSubmit();
  });
  root.addEventListener("click", (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isPlain && event.target instanceof Element && event.target.closest(".pages a, .in-force a, .newer")) {
      markBusy(root);
    }
  });
  // Going back shows an earlier list. The browser keeps what was chosen last in it, which led away from it.
  window.addEventListener("pageshow", ({ persisted }) => {
    const [navigation] = performance.getEntriesByType("navigation");
    const wentBack = navigation instanceof PerformanceNavigationTiming && navigation.type === "back_forward";
    if (!persisted && !wentBack) return;
    form?.reset();
    root.getElementById("requests")?.removeAttribute("aria-busy");
  });
}

/** The text waits for Enter. While a year is typed, its first digits already make a date. */
function takesEffect(field: EventTarget | null): boolean {
  if (field instanceof HTMLSelectElement) return true;
  if (!(field instanceof HTMLInputElement)) return false;
  if (field.type === "date") return !field.validity.badInput && (field.value === "" || field.value > "2000");
  return field.type === "checkbox";
}

function markBusy(root: Document): void {
  root.getElementById("requests")?.setAttribute("aria-busy", "true");
}
