import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { type Extraction, extractionWords, extractUrls } from "../../shared/extract-urls.ts";
import { isImagePath } from "../../shared/image-name.ts";
import { pluralize } from "../../shared/words.ts";
import type { FormNote } from "./form-note.ts";
import { typedLines } from "./typed-lines.ts";
import { writeText } from "./write-text.ts";

type TakeTextOptions = {
  readonly area: HTMLTextAreaElement;
  readonly endpoints: readonly UrlEndpoint[];
  readonly note: FormNote;
};

/**
 * Takes the URLs out of any text that is pasted or dropped into the field, and says so with a way back. What is a list
 * already is left to the browser.
 */
export function takeText({ area, endpoints, note }: TakeTextOptions) {
  /** The text after the latest change by us, while its note can be acted on. */
  let after: string | undefined;
  area.addEventListener("input", () => {
    if (after === undefined || area.value === after) return;
    after = undefined;
    note.hide();
  });
  area.addEventListener("paste", (event) => takeFrom(event, event.clipboardData));
  area.addEventListener("drop", (event) => takeFrom(event, event.dataTransfer));

  function takeFrom(event: Event, data: DataTransfer | null): void {
    if (data === null || data.types.includes("Files")) return;
    const plain = data.getData("text/plain");
    // A link's text may be a name; then its address is only in the formatted text.
    const found = extractUrls(plain, endpoints) ?? linkedUrls(data.getData("text/html"), plain);
    if (found === undefined) return;
    event.preventDefault();
    const isHere = document.activeElement === area;
    const { length } = area.value;
    const range = isHere
      ? { start: area.selectionStart, end: area.selectionEnd }
      : { start: length, end: length };
    replace(range, found.urls, extractionWords(found, "what you pasted"), plain);
  }
  function linkedUrls(html: string, plain: string): Extraction | undefined {
    const isFoundInPlain = html === "" || plain.split(/\s/).some((word) => word.includes("://"));
    return isFoundInPlain ? undefined : extractUrls(html, endpoints);
  }

  /** Replaces a range by lines of their own. `pasted`: what the reader can have instead. */
  function replace(
    range: { readonly start: number; readonly end: number },
    lines: readonly string[],
    said: string,
    pasted?: string,
  ): void {
    const before = area.value;
    const head = before.slice(0, range.start);
    const tail = before.slice(range.end);
    const open = head === "" || /[\r\n]$/.test(head) ? "" : "\n";
    const close = tail === "" || /^[\r\n]/.test(tail) ? "" : "\n";
    const text = `${open}${lines.join("\n")}${close}`;
    writeText(area, range, text);
    after = area.value;
    const end = range.start + text.length;
    const putBack = (instead: string) => () => {
      after = undefined;
      note.hide();
      writeText(area, { start: range.start, end }, instead);
    };
    note.show(said, [
      { label: "Undo", run: putBack(before.slice(range.start, range.end)) },
      ...(pasted === undefined ? [] : [{ label: "Keep as pasted", run: putBack(pasted) }]),
    ]);
  }

  /** Appends what files contain, and says what was found in each. */
  function append(
    files: readonly { readonly name: string; readonly text: string }[],
    problems: readonly string[],
  ) {
    const added: string[] = [];
    const said = [...problems];
    for (const { name, text } of files) {
      const found = extractUrls(text, endpoints);
      const lines = found?.urls ?? typedLines(text).map((line) => line.text.trim());
      const isNamed = (line: string) => line.includes("://") || isImagePath(line);
      const isList = found === undefined && lines.some(isNamed);
      if (found !== undefined) said.push(extractionWords(found, name));
      else if (isList) said.push(`Added ${pluralize(lines.length, "line")} from ${name}.`);
      else said.push(`${name} contains no URL under your endpoints, and no path of an image.`);
      if (found !== undefined || isList) added.push(...lines);
    }
    if (added.length === 0) return note.show(said.join(" "), []);
    const end = area.value.trimEnd().length;
    replace({ start: end, end: area.value.length }, [...added, ""], said.join(" "));
  }
  return { append };
}
