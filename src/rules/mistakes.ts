import type { DoubtRule } from "./doubt.ts";
import { endsInKnownFile } from "./image-file.ts";
import { findPlaceholder } from "./placeholders.ts";

/** What programs write where they have no value: `undefined` as a name, an extension, a parameter, a width. */
const emptyValues: readonly RegExp[] = [
  /\[object(?:[ +]\w{1,30}\]|$)/u,
  /\/(?:\(null\)|(?:undefined|null|NaN){1,3})(?=(?:\.(?:\w{1,5}|undefined))?(?:[/?#]|$))/u,
  /\.(?:undefined|null|NaN)(?=[/?#]|$)/u,
  /[?&][^=&]{1,60}=(?:undefined|null|NaN)(?=&|$)/u,
  // A width, not the name of a transformation or a file, which may be "null".
  /(?<=[,:=])(?!n-|i-|ie-|di-|ot-|oi-)[a-z]{1,4}-(?:undefined|null|NaN)(?=[,:/&?#]|$)/u,
  // Errors of a spreadsheet's formulas.
  /#(?:N\/A|NV|(?:REF|BEZUG|VALUE|WERT|DIV\/0|NULL|NUM|ZAHL|SPILL|CALC)!?|NAME\?)(?=\.\w{1,5}$|[/?#]|$)/u,
];
/** What only the program on one computer can resolve. */
const localAddress =
  /\/(?:(?:blob|data|file|cid|about|javascript)(?::|%3a)|(?:content|ph|assets-library|chrome-extension|webkit-fake-url):\/\/|[a-z]:(?:\/|%5c)|https?:\/{1,2}(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?=[:/]))/iu;
const onlyAnExtension = /\/(\.[a-z0-9]{2,4})$/iu;

/** What cannot be what was meant: such a line is refused unless the caller asks for it to be sent. */
export const mistakes: readonly DoubtRule[] = [
  {
    code: "unfilled-template",
    seen: ({ legible }) => findPlaceholder(legible),
    message: (seen) => `Fill in ${seen}: it is a placeholder, and no image has such a URL.`,
  },
  {
    code: "unfilled-value",
    seen: ({ legible }) => firstMatch(emptyValues, legible)?.replace(/^[/?&]/u, ""),
    message: (seen) => `Fill in the value for ${seen}: a program writes this where it has none.`,
  },
  {
    code: "unfilled-value",
    seen: ({ plainPath }) => {
      const [, extension] = onlyAnExtension.exec(plainPath) ?? [];
      return extension !== undefined && endsInKnownFile(`x${extension}`) ? extension : undefined;
    },
    message: (seen) => `Write the name of the file before ${seen}: there is none.`,
  },
  {
    code: "browser-only-url",
    seen: ({ blankedPath }) => localAddress.exec(blankedPath)?.[0].slice(1),
    message: (seen) => `Use the image's URL at ImageKit: what follows ${seen} exists only on one computer.`,
  },
  {
    code: "endpoint-itself",
    seen: ({ kind, plainPath }) => (kind === "exact" && /^\/*$/u.test(plainPath) ? "" : undefined),
    message: () =>
      "Add a folder with a wildcard (/shoes/autumn/*) or a file (/shoes/red.jpg): this is the URL endpoint itself, and " +
      "purging it clears nothing below it.",
  },
];

function firstMatch(expressions: readonly RegExp[], text: string): string | undefined {
  for (const expression of expressions) {
    const found = expression.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
