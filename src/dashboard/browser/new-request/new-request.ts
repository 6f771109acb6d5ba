import { element } from "../element.ts";
import { composeRequest } from "./compose-request.ts";
import type { DraftStore } from "./draft-store.ts";

/** Shows verdicts while you type, on the page and in the dialog. */
export function newRequest(root: Document, basePath: string, drafts: DraftStore): void {
  const onPage = root.querySelector<HTMLElement>("main [data-request]");
  if (onPage !== null) composeRequest(onPage, basePath, drafts);

  const open = requestDialog(basePath, drafts);
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("#new-request") : null;
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!(link instanceof HTMLAnchorElement) || !isPlain) return;
    event.preventDefault();
    if (onPage === null) open(link);
    else onPage.querySelector("textarea")?.focus();
  });
}

/**
 * Opens the form of a new request in a dialog. The form is fetched once from its own page, and closing keeps what was
 * typed. If it cannot be fetched, the browser follows the link.
 */
export function requestDialog(
  basePath: string,
  drafts: DraftStore,
): (link: HTMLAnchorElement) => Promise<void> {
  let dialog: HTMLDialogElement | undefined;
  let isFetching = false;

  return async function open(link) {
    if (isFetching) return;
    if (dialog === undefined) {
      isFetching = true;
      const form = await fetchForm(link.href);
      isFetching = false;
      if (form === undefined) {
        location.assign(link.href);
        return;
      }
      dialog = dialogAround(form);
      document.body.append(dialog);
      composeRequest(form, basePath, drafts);
    }
    dialog.showModal();
    dialog.querySelector("[data-request]")?.dispatchEvent(new Event("shown"));
    dialog.querySelector("textarea")?.focus();
  };
}

async function fetchForm(url: string): Promise<HTMLElement | undefined> {
  const html = await fetch(url)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "");
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector<HTMLElement>("main [data-request]");
  return form === null ? undefined : document.adoptNode(form);
}

function dialogAround(form: HTMLElement): HTMLDialogElement {
  const title = element("h1", { id: "request-title" }, "New request");
  const close = element("button", { type: "button" }, "Close");
  const head = element("div", { class: "dialog-head" }, title, close);
  const dialog = element(
    "dialog",
    { class: "request-dialog", "aria-labelledby": "request-title" },
    head,
    form,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
