import { idPattern } from "../../domain/ids.ts";
import type { Cursor } from "../../ledger/contract.ts";

/** Where a page ended, as callers see it: opaque, so that its format may change. */
export function encodeCursor(cursor: Cursor): string {
  return btoa(`${cursor.createdAt}/${cursor.id}`)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Undefined if the text is not one of our cursors. */
export function decodeCursor(text: string): Cursor | undefined {
  if (!/^[\w-]{1,100}$/.test(text)) return undefined;
  const [, createdAt, id] = /^(\d{1,15})\/(.+)$/.exec(decodeBase64Url(text)) ?? [];
  if (id === undefined || !idPattern("p").test(id)) return undefined;
  return { createdAt: Number(createdAt), id };
}

function decodeBase64Url(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}
