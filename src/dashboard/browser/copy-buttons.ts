import { statusPlace } from "./refresh/announce.ts";

/**
 * Each `button[data-copy]` copies the text of the element with that id, and confirms it on the button and to screen
 * readers. Without access to the clipboard it selects the text instead.
 */
export function copyButtons(root: Document): void {
  let place: HTMLElement | undefined;
  const labels = new WeakMap<Element, string>();

  /** Restores the label after two seconds, even if the button is pressed again in between. */
  const show = (button: Element, said: string) => {
    const status = place ?? statusPlace(root);
    place = status;
    if (!labels.has(button)) {
      const label = button.textContent ?? "";
      labels.set(button, label);
      setTimeout(() => {
        button.textContent = label;
        status.textContent = "";
        labels.delete(button);
      }, 2_000);
    }
    button.textContent = said;
    status.textContent = said;
  };
  root.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null;
    const source = root.getElementById(button?.getAttribute("data-copy") ?? "");
    if (button === null || source === null) return;
    const said = await write(source.textContent).then(
      () => "Copied",
      () => {
        root.getSelection()?.selectAllChildren(source);
        return "Selected: copy it with the keyboard";
      },
    );
    show(button, said);
  });
}

/** Browsers offer the clipboard only on https and localhost. */
async function write(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
