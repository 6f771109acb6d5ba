/**
 * Every `button[data-copy]` puts the text of the element with that id on the clipboard, and says so, on the button and
 * to a screen reader. Where that is not permitted, it selects the text.
 */
export function copyButtons(root: Document): void {
  root.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const source = root.getElementById(button.dataset["copy"] ?? "");
    if (source === null) return;
    const said = await write(source.textContent).then(
      () => "Copied",
      () => {
        root.getSelection()?.selectAllChildren(source);
        return "Selected: copy it with the keyboard";
      },
    );
    announcer(root).textContent = said;
    show(button, said);
  });
}

/** A clipboard there is only on https and localhost. */
async function write(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

const labels = new WeakMap<HTMLButtonElement, string>();

/** For two seconds, however often it is pressed meanwhile. */
function show(button: HTMLButtonElement, said: string): void {
  if (!labels.has(button)) {
    const label = button.textContent;
    labels.set(button, label);
    setTimeout(() => {
      button.textContent = label;
      announcer(button.ownerDocument).textContent = "";
      labels.delete(button);
    }, 2_000);
  }
  button.textContent = said;
}

/** One polite live region, outside whatever is refreshed. */
function announcer(root: Document): Element {
  const known = root.getElementById("copied");
  if (known !== null) return known;
  const made = root.createElement("p");
  made.id = "copied";
  made.className = "visually-hidden";
  made.setAttribute("role", "status");
  root.body.append(made);
  return made;
}
