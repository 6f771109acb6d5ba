import { shortcutsDialog } from "./shortcuts-dialog.ts";
import { singleKeys } from "./single-keys.ts";

/** `/` on a page without a search opens the list here. */
const searchHash = "#search";

/**
 * Ctrl+Enter submits; `n`, `/` and `?` open a new request, search and list the shortcuts. The single keys work only
 * outside fields and dialogs, and can be switched off (WCAG 2.1.4): speech input types letters everywhere.
 */
export function shortcuts(root: Document): void {
  const basePath = root.body.dataset["basePath"] ?? "";
  const link = root.querySelector<HTMLAnchorElement>("#new-request");
  if (root.querySelector(".page-header nav") === null) return;
  const keys = singleKeys();
  const list = shortcutsDialog(root, keys, { mayPurge: link !== null });
  if (location.hash === searchHash) {
    history.replaceState(history.state, "", location.pathname + location.search);
    search();
  }

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey) return;
    const isDone =
      event.ctrlKey || event.metaKey
        ? event.key === "Enter" && submit(event.target)
        : keys.areOn() && isFree(root, event.target) && press(event.key);
    if (isDone) event.preventDefault();
  });

  function press(key: string): boolean {
    if (key === "n" && link !== null) link.click();
    else if (key === "/") search();
    else if (key === "?") list.open();
    else return false;
    return true;
  }

  function search(): void {
    const field = root.querySelector<HTMLInputElement>("main input[type=search]");
    if (field === null) location.assign(`${basePath}/${searchHash}`);
    field?.focus();
    field?.select();
  }
}

/** Whether a key would otherwise do nothing: the focus is in no field, and no dialog is open. */
function isFree(root: Document, target: EventTarget | null): boolean {
  const isTyping =
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea"));
  return !isTyping && root.querySelector("dialog[open]") === null;
}

/** Presses the main button of the form around the focus, unless it is disabled. */
function submit(target: EventTarget | null): boolean {
  const form = target instanceof Element ? target.closest("form") : null;
  const button =
    form?.querySelector<HTMLButtonElement>("button.primary") ?? form?.querySelector("button[type=submit]");
  if (button instanceof HTMLButtonElement && !button.disabled) button.click();
  return form !== null;
}
