/** What is put around a URL in texts, tables and pages, by how it begins; a blank stands for list marks and labels. */
const wrappings: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“",
  "«": "»",
  "‘": "’",
  "<": ">",
  "(": ")",
  "[": "]",
  " ": "",
  "\u200b": "\u200b",
};

/** The one URL in a line that begins with something else, such as `[shoe](https://…)`, `"https://…"` or `1. https://…`. */
export function wrappedUrl(text: string): string | undefined {
  const [found, ...others] = [...text.matchAll(/https?:\/\//giu)];
  if (found === undefined || others.length > 0) return undefined;
  const end = wrappings[text.charAt(found.index - 1)];
  if (end === undefined) return undefined;
  const url = text.slice(found.index);
  const cut = end === "" ? -1 : url.indexOf(end);
  return cut < 0 ? url : url.slice(0, cut);
}
