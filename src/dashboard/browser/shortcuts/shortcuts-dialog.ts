import { element } from "../element.ts";
import type { SingleKeys } from "./single-keys.ts";

/** The list of shortcuts, and a button at the foot of the page that opens it also when the keys are off. */
export function shortcutsDialog(
  root: Document,
  keys: SingleKeys,
  { mayPurge }: { readonly mayPurge: boolean },
): { readonly open: () => void } {
  const single = element("input", { type: "checkbox" });
  single.addEventListener("change", () => keys.turn(single.checked));
  const close = element("button", { type: "button" }, "Close");
  const newRequest = mayPurge ? [shortcut("New request", "n")] : [];
  const dialog = element(
    "dialog",
    { class: "shortcuts", "aria-labelledby": "shortcuts-title" },
    element(
      "div",
      { class: "dialog-head" },
      element("h2", { id: "shortcuts-title" }, "Keyboard shortcuts"),
      close,
    ),
    element(
      "dl",
      {},
      ...newRequest,
      shortcut("Search", "/"),
      shortcut("This list", "?"),
      shortcut("Submit the form you are in", isApple() ? "⌘" : "Ctrl", "Enter"),
    ),
    element("label", { class: "choice" }, single, "Use the single keys (outside fields)"),
  );
  const open = () => {
    single.checked = keys.areOn();
    dialog.showModal();
  };
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  const button = element("button", { type: "button", class: "quiet small" }, "Keyboard shortcuts");
  button.addEventListener("click", open);
  root.body.append(element("footer", { class: "page-footer" }, button), dialog);
  return { open };
}

function shortcut(does: string, ...keys: readonly string[]): HTMLElement {
  const words = keys.flatMap((key, i) => [...(i > 0 ? ["+"] : []), element("kbd", {}, key)]);
  return element("div", {}, element("dt", {}, does), element("dd", {}, ...words));
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
