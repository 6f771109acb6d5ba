import { composeRequest } from "./compose-request.ts";
import { requestDialog } from "./request-dialog.ts";

/** Verdicts while one types, on the page and in the dialog. */
export function newRequest(root: Document): void {
  const basePath = root.body.dataset["basePath"] ?? "";
  const onPage = root.querySelector<HTMLElement>("main [data-request]");
  if (onPage !== null) composeRequest(onPage, basePath);

  const open = requestDialog(basePath);
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("#new-request") : null;
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!(link instanceof HTMLAnchorElement) || !isPlain) return;
    event.preventDefault();
    if (onPage === null) open(link);
    else onPage.querySelector("textarea")?.focus();
  });
}
