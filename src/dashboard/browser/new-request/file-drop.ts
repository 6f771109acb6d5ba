import { pluralize } from "../../shared/words.ts";
import { readUrlList } from "./read-url-list.ts";

const largestBytes = 1_000_000;

type FileDropOptions = {
  readonly button: HTMLButtonElement;
  readonly input: HTMLInputElement;
  readonly onLines: (urls: readonly string[]) => void;
  readonly say: (sentence: string) => void;
};

/**
 * Reads CSV and text files that are dropped on `zone` or chosen with the button, and says what it added from them.
 */
export function fileDrop(zone: HTMLElement, { button, input, onLines, say }: FileDropOptions): void {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    await take([...(input.files ?? [])]);
    input.value = "";
  });
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
  zone.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("dropping");
  });
  zone.addEventListener("dragleave", (event) => {
    const isOutside = !(event.relatedTarget instanceof Node) || !zone.contains(event.relatedTarget);
    if (isOutside) zone.classList.remove("dropping");
  });
  zone.addEventListener("drop", async (event) => {
    zone.classList.remove("dropping");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    await take([...(event.dataTransfer?.files ?? [])]);
  });

  async function take(files: readonly File[]): Promise<void> {
    const said: string[] = [];
    for (const file of files) {
      const text = await textOf(file);
      if ("problem" in text) {
        said.push(text.problem);
        continue;
      }
      const { urls, leftOut } = readUrlList(text.text);
      if (urls.length > 0) onLines(urls);
      said.push(takenWords(file.name, urls.length, leftOut));
    }
    if (said.length > 0) say(said.join(" "));
  }
}

function takenWords(name: string, taken: number, leftOut: number): string {
  if (taken === 0) return `${name} contains no list or column of URLs that begin with https://.`;
  const rest = leftOut === 0 ? "" : `, and skipped ${pluralize(leftOut, "row")} without a URL`;
  return `Added ${pluralize(taken, "line")} from ${name}${rest}.`;
}

/**
 * Decodes what spreadsheets write: UTF-8, UTF-16 with a byte order mark, or Windows-1252. A file with control
 * characters is not text.
 */
async function textOf(file: File): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (file.size > largestBytes) {
    return { problem: `${file.name} is larger than 1 MB. Use a file with only the URLs.` };
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = decode(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell text from other files
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) {
    return { problem: `${file.name} is not a text file. Save the list as CSV or text first.` };
  }
  return { text };
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
