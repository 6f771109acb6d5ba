/** A form of filters leaves what is not asked for out of the address; the list grows pale while another one loads. */
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
