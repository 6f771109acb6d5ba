type Range = { readonly start: number; readonly end: number };

/** More than this is not put into the browser's undo history, which takes long for it. */
const longestUndoable = 50_000;

/**
 * Replaces a range of a field's text, leaves the caret behind it, and fires an input event. It goes through the browser's
 * own editing, so that undoing with the keyboard works.
 */
export function writeText(area: HTMLTextAreaElement, { start, end }: Range, text: string): void {
  if (start === end && text === "") return;
  area.focus();
  area.setSelectionRange(start, end);
  const isShort = text.length + end - start < longestUndoable;
  // Deprecated, and the only way that keeps the history.
  if (isShort && document.execCommand(text === "" ? "delete" : "insertText", false, text)) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
