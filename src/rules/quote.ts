import { maskSignature } from "./signed-url.ts";

const maximumLength = 120;

/** How a message quotes a line: at most 120 characters, without credentials, query or invisible characters. */
export function quote(text: string): string {
  const start = text.slice(0, 2 * maximumLength);
  const query = start.indexOf("?");
  const shown = maskSignature(query < 0 ? start : `${start.slice(0, query)}?…`)
    .replace(/^(?!\/(?!\/))[^?#]*@/u, "…@")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\ufffd");
  const cut = shown.length > maximumLength || start.length < text.length;
  return `"${cut ? `${shown.slice(0, maximumLength - 1)}…` : shown}"`;
}
