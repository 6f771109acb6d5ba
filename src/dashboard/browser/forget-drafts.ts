import { submittedCookie } from "../shared/request-draft.ts";
import type { DraftStore } from "./new-request/draft-store.ts";

/** Forgets the drafts that were submitted, as the server's cookies say, and all of them when the reader signs out. */
export function forgetDrafts(root: Document, store: DraftStore, basePath: string): void {
  const path = basePath === "" ? "/" : basePath;
  const submitted = new RegExp(`(?:^|; )${submittedCookie("(o_[0-9a-z]{26})")}=`, "g");
  for (const [, key = ""] of root.cookie.matchAll(submitted)) {
    store.remove(key);
    root.cookie = `${submittedCookie(key)}=; Path=${path}; Max-Age=0; SameSite=Lax`;
  }
  root.querySelector("form.account")?.addEventListener("submit", store.close);
}
