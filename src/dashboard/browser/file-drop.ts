const largestBytes = 1_000_000;

type FileDropOptions = {
  readonly button: HTMLButtonElement;
  readonly input: HTMLInputElement;
  /** Called with the files that are text, and with what is wrong with the others. */
  readonly onTexts: (
    texts: readonly { readonly name: string; readonly text: string }[],
    problems: readonly string[],
  ) => void;
};

/** Reads text files that are dropped on `zone` or chosen with the button. */
export function fileDrop(zone: HTMLElement, { button, input, onTexts }: FileDropOptions): void {
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
    const texts: { readonly name: string; readonly text: string }[] = [];
    const problems: string[] = [];
    for (const file of files) {
      const read = await textOf(file);
      if ("problem" in read) problems.push(read.problem);
      else texts.push({ name: file.name, text: read.text });
    }
    if (files.length > 0) onTexts(texts, problems);
  }
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
