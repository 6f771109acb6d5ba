/** Every `button[data-copy]` puts the text of the element with that id on the clipboard, and says so. */
export function copyButtons(root: Document): void {
  root.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const text = root.getElementById(button.dataset["copy"] ?? "")?.textContent ?? "";
    const before = button.textContent;
    button.textContent = await navigator.clipboard.writeText(text).then(
      () => "Copied",
      () => "Select the text and copy it",
    );
    setTimeout(() => {
      button.textContent = before;
    }, 2_000);
  });
}
