/** What is put around a URL, each with what ends it. */
const wrappings = `""''“”„“«»‘’<>()[]`;

/** The one URL in a line that begins with something else: `[shoe](https://…)`, `"https://…"`, `1. https://…`. */
export function wrappedUrl(text: string): string | undefined {
  const [before = "", url, ...others] = text.split(/(?=https?:\/\/)/iu);
  if (others.length > 0) return undefined;
  if (/[\s\u200b]$/u.test(before)) return url;
  const opening = wrappings.indexOf(before.slice(-1));
  return opening < 0 ? undefined : url?.split(wrappings.charAt(opening + 1))[0];
}
