import { isFormKey, submittedCookie } from "../shared/request-draft.ts";
import type { DraftStore } from "./new-request/draft-store.ts";

/** Forgets the drafts that were submitted, as the server's cookies say, and all of them when the reader signs out. */
export function forgetDrafts(root: Document, store: DraftStore, basePath: string): void {
  const path = basePath === "" ? "/" : basePath;
  for (const cookie of root.cookie.split("; ")) {
    const [name = ""] = cookie.split("=");
    const key = name.slice(submittedCookie.length);
    if (!name.startsWith(submittedCookie) || !isFormKey(key)) continue;
    store.remove(key);
    root.cookie = `${name}=; Path=${path}; Max-Age=0; SameSite=Lax`;
  }
  root.querySelector("form.account")?.addEventListener("submit", store.close);
}
