/** Leaves empty filters out of the address, and dims the list while another page loads. */
export function filters(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form.filters");
  form?.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "") formData.delete(name);
    }
  });
  form?.addEventListener("submit", () => markBusy(root));
  root.addEventListener("click", (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isPlain && event.target instanceof Element && event.target.closest(".pages a, .in-force a, .newer")) {
      markBusy(root);
    }
  });
}

function markBusy(root: Document): void {
  root.getElementById("requests")?.setAttribute("aria-busy", "true");
}
