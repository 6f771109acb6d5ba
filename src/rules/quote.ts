import { maskSignature } from "./signed-url.ts";

const longest = 120;

/**
 * What a message shows of a line: at most 120 characters, without credentials, query or anything invisible.
 */
export function quote(text: string): string {
  const start = text.slice(0, 2 * longest);
  const query = start.indexOf("?");
  const shown = maskSignature(query < 0 ? start : `${start.slice(0, query)}?…`)
    .replace(/^(?!\/(?!\/))[^?#]*@/u, "…@")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\ufffd");
  const cut = shown.length > longest || start.length < text.length;
  return `"${cut ? `${shown.slice(0, longest - 1)}…` : shown}"`;
}
