import type { DoubtRule } from "./doubt.ts";

const template =
  /\{\{[^{}]{0,60}(?:\}\})?|\$\{[^{}]{0,60}\}?|<%[^<>]{0,60}%>|\/(?:\{[a-z_$][\w.$]{0,60}\}|:[a-z_]\w{0,60}|%[sd])(?=\.[a-z0-9]{1,5}$|[/.?]|$)/iu;
const emptyValue =
  /\[object[ +]\w{1,20}\]|\/(?:undefined|null|NaN)(?=(?:\.\w{1,5})?(?:[/?]|$))|[?&][^=&]{1,60}=(?:undefined|null|NaN)(?=&|$)/u;

/** Placeholders whose own spaces and brackets are no reason to refuse a line: they are mistakes. */
const placeholder = /\{\{[^{}]{0,60}\}\}|\$\{[^{}]{0,60}\}|<%[^<>]{0,60}%>|\[object \w{1,20}\]/giu;

export function withoutPlaceholders(text: string): string {
  return text.replace(placeholder, "");
}

/** What cannot be what was meant: such a line is refused unless the caller asks for it to be sent. */
export const mistakes: readonly DoubtRule[] = [
  {
    code: "endpoint-itself",
    seen: ({ kind, plainPath }) => (kind === "exact" && /^\/*$/u.test(plainPath) ? "" : undefined),
    message: () =>
      "Add a folder with a wildcard (/shoes/autumn/*) or a file (/shoes/red.jpg): this is the URL endpoint itself, and " +
      "purging it clears nothing below it.",
  },
  {
    code: "unfilled-template",
    seen: ({ legible }) => template.exec(legible)?.[0].replace(/^\//u, ""),
    message: (seen) => `Fill in ${seen}: it is a placeholder, and no image has such a URL.`,
  },
  {
    code: "unfilled-value",
    seen: ({ legible }) => emptyValue.exec(legible)?.[0].replace(/^[/?&]/u, ""),
    message: (seen) => `Fill in the value for ${seen}: a program writes this where it has none.`,
  },
  {
    code: "browser-only-url",
    seen: ({ blankedPath }) => /\/(?:blob|data)(?::|%3a)/iu.exec(blankedPath)?.[0].slice(1),
    message: (seen) => `Use the image's URL at ImageKit: what follows ${seen} exists only in one browser.`,
  },
];
