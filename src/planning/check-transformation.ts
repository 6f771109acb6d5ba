import { withoutTrailing } from "../domain/trailing.ts";
import { canonicalPath } from "../rules/canonical.ts";
import { maximumTransformationCharacters } from "../rules/limits.ts";
import { partsOfPath } from "../rules/path.ts";
import { quote } from "../rules/quote.ts";
import { readLine } from "../rules/target.ts";
import { expandTransformation } from "./expand-transformation.ts";

/** Any endpoint will do: a transformation is judged with it as a part of a URL. */
const probe = { host: "images.example", path: "/id" };

/** A path transformation of a profile as it is stored, percent-encoded, or what is wrong with it. */
export function checkTransformation(
  written: string,
): { readonly transformation: string } | { readonly problem: string } {
  const text = written.trim();
  const problem = (message: string) => ({ problem: message });
  if (text.length > maximumTransformationCharacters) {
    return problem(
      `Shorten the transformation: it has ${text.length} characters, and the limit is ${maximumTransformationCharacters}.`,
    );
  }
  if (/^\??&?tr=/iu.test(text)) {
    return problem(
      "Remove it: query transformations (?tr=…) are cleared with the original and cost nothing more.",
    );
  }
  const bare = withoutTrailing(text.replace(/^\/+/u, ""), "/");
  if (bare !== text && !bare.includes("/"))
    return problem(`Write ${quote(bare)}, without a slash around it.`);
  if (text.includes("/")) {
    return problem(
      "Remove the /: a transformation is one segment of the path. In an overlay's file, write @@ for /.",
    );
  }
  if (!/^tr(?::|%3a)/iu.test(text)) return problem(`Write tr: before it: ${quote(`tr:${text}`)}.`);
  if (/^tr(?::|%3a)$/iu.test(text)) return problem("Complete the transformation after tr:, as in tr:w-400.");
  const [stray] = /[\p{Cc}\p{Cs}\s?#*\\"<>]/u.exec(text) ?? [];
  if (stray !== undefined) {
    const shown = /[\p{Cc}\p{Cs}\s]/u.test(stray) ? "white space and control characters" : stray;
    return problem(`Remove or percent-encode the ${shown}: no URL that pages use contains it there.`);
  }
  return checkLists(text) ?? checkAsPartOfUrl(encodeOutsideLists(text));
}

function checkLists(text: string): { readonly problem: string } | undefined {
  const problem = (message: string) => ({ problem: message });
  const lists = text.match(/\{[^{}]*\}/gu) ?? [];
  if (/[{}]/u.test(text.replace(/\{[^{}]*\}/gu, "")))
    return problem("Close each { with a }, as in tr:w-{400,800}.");
  if (lists.length > 1) {
    return problem(
      "Use one list in a transformation, and write a transformation for each value of the other one.",
    );
  }
  const values = lists[0]?.slice(1, -1).split(",") ?? ["", "-"];
  if (lists.length > 0 && (values.length < 2 || values.includes(""))) {
    return problem("Write at least two values in the list, none of them empty, as in tr:w-{400,800}.");
  }
  return undefined;
}

/** Whether each transformation that it stands for would be one in a URL, and a sound one. */
function checkAsPartOfUrl(
  transformation: string,
): { readonly transformation: string } | { readonly problem: string } {
  for (const one of expandTransformation(transformation)) {
    const { plain, transformations } = partsOfPath(`/${one}/shoe.jpg`);
    if (plain !== "/shoe.jpg" || transformations.length !== 1) {
      return {
        problem:
          "End each layer with l-end, as in tr:l-image,i-logo.png,l-end: without it, the path belongs to it.",
      };
    }
    const reading = readLine(`https://${probe.host}${probe.path}/${one}/shoe.jpg*`, [probe]);
    const [wrong] =
      "violations" in reading
        ? reading.violations
        : reading.warnings.filter(({ severity }) => severity !== "note");
    if (wrong !== undefined) return { problem: wrong.message };
  }
  return { transformation };
}

function encodeOutsideLists(text: string): string {
  return text
    .split(/([{}])/u)
    .map((part) => (part === "{" || part === "}" ? part : canonicalPath(part)))
    .join("");
}
