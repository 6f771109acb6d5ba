import { targetsSummary } from "../../shared/describe-image.ts";
import type { LineDescription, LineNote } from "../../shared/line-description.ts";
import { anywayName } from "../../shared/send-anyway.ts";
import { element, iconElement, targetElement } from "../element.ts";

const icons = { accepted: "ok", rejected: "refused", free: "info", ask: "warning" } as const;

/** One line's verdict; the same elements as pages/new-request/verdicts.tsx, with buttons. */
export function verdictRow(
  words: LineDescription,
  options: { basePath: string; star: boolean },
): HTMLElement {
  const { line, input, tone, word, price, notes, mistake } = words;
  return element(
    "li",
    { class: `line-verdict ${tone}` },
    element("span", { class: "number" }, element("span", { class: "visually-hidden" }, "Line "), `${line}`),
    targetElement(input),
    element("span", { class: "said" }, iconElement(icons[tone]), element("strong", {}, word), ` ${price}`),
    options.star ? changeButton("Add *", [line], { name: `Add * to line ${line}` }) : undefined,
    targetsElement(words),
    ...notes.map((note) => noteElement(note, line, options.basePath)),
    mistake === undefined ? undefined : anywayElement(line, input, mistake === "confirmed"),
  );
}

/** The image that a line names, and its URLs. */
function targetsElement({ understood, profile, targets }: LineDescription): HTMLElement | undefined {
  if (targets === undefined) return undefined;
  const urls = targets.map(({ url, said }) =>
    element("li", {}, targetElement(url), " ", element("span", { class: "quiet" }, said)),
  );
  return element(
    "div",
    { class: "note of-image" },
    ...(understood === undefined ? [] : ["Image ", targetElement(understood), ". "]),
    element(
      "details",
      {},
      element("summary", {}, targetsSummary(targets.length, profile)),
      element("ul", { class: "plain" }, ...urls),
    ),
  );
}

/** A button that changes lines: to `use`, or by adding a `*`. */
export function changeButton(
  label: string,
  lines: readonly number[],
  { use, name }: { readonly use?: string; readonly name?: string } = {},
): HTMLElement {
  const attributes = { type: "button", class: "small", "data-lines": lines.join(" "), "data-use": use };
  return element("button", { ...attributes, "aria-label": name }, label);
}

function noteElement({ text, severity, why, suggestion, purgeId }: LineNote, line: number, basePath: string) {
  const link =
    purgeId === undefined
      ? undefined
      : element("a", { href: `${basePath}/purges/${purgeId}`, target: "_blank" }, "See that purge");
  const details = why === undefined ? undefined : element("details", {}, element("summary", {}, "Why"), why);
  return element(
    "div",
    { class: severity === undefined ? "note" : `note ${severity}` },
    text,
    link && " ",
    link,
    suggestion === undefined ? undefined : suggestionElement(suggestion, line),
    details,
  );
}

function suggestionElement(suggestion: string, line: number): HTMLElement {
  const lines = suggestion.split("\n");
  const label = lines.length === 1 ? "Use this instead" : `Use these ${lines.length} instead`;
  return element(
    "div",
    { class: "suggestion" },
    changeButton(label, [line], { use: suggestion }),
    " ",
    ...lines.map((url) => (lines.length === 1 ? targetElement(url) : element("div", {}, targetElement(url)))),
  );
}

function anywayElement(line: number, input: string, isConfirmed: boolean): HTMLElement {
  const box = element("input", { type: "checkbox", value: anywayName(input) });
  box.checked = isConfirmed;
  const which = element("span", { class: "visually-hidden" }, `: line ${line}`);
  return element("label", { class: "note anyway" }, box, "Send it anyway", which);
}
