import type { Severity } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { wordsFor, worthSaying } from "./line-notes.ts";
import type { PlannedImage, PlannedLine } from "./planned-line.ts";
import { capitalize, lineList, pluralize } from "./words.ts";

/** One warning, shown once for all lines that have it. */
export type FoldedWarning = {
  readonly code: string;
  readonly severity: Severity;
  readonly text: string;
  readonly lines: readonly number[];
};

/**
 * The warnings to show once instead of on each line: those that several lines share word for word, and always the one
 * that a line clears only its exact URL, because nearly every line has it. A warning with a suggestion of its own stays
 * with its line. What is more serious comes first.
 */
export function foldWarnings(
  planned: readonly PlannedLine[],
  { mayUseWildcards }: { readonly mayUseWildcards: boolean },
): readonly FoldedWarning[] {
  const found = new Map<
    string,
    { readonly severity: Severity; readonly messages: Set<string>; readonly lines: number[]; isOwn: boolean }
  >();
  for (const each of planned) {
    if (each.verdict !== "accepted" && each.verdict !== "image") continue;
    if (each.verdict === "accepted" && each.kind === "wildcard" && !mayUseWildcards) continue;
    // A hint about all lines has one button for all of them, and a doubtful line must not be widened.
    for (const { code, severity, message, suggestion } of worthSaying(each.warnings)) {
      const one = found.get(code) ?? { severity, messages: new Set(), lines: [], isOwn: false };
      found.set(code, one);
      one.messages.add(message);
      one.lines.push(each.line);
      one.isOwn ||= suggestion !== undefined;
    }
  }
  const folded = [...found].flatMap(([code, one]): readonly FoldedWarning[] => {
    const { severity, messages, lines, isOwn } = one;
    if (code === "exact-only")
      return [{ code, severity, text: exactOnly(lines.length, mayUseWildcards), lines }];
    const [given = ""] = messages;
    const message = wordsFor(given, mayUseWildcards);
    if (message === "" || lines.length < 2 || messages.size > 1 || isOwn || severity === "mistake") return [];
    return [{ code, severity, text: `${capitalize(lineList(lines))}: ${maskSignature(message)}`, lines }];
  });
  const dear = dearOf(planned);
  if (dear !== undefined) folded.push(dear);
  return folded.sort(
    (one, other) => Number(other.severity === "caution") - Number(one.severity === "caution"),
  );
}

function exactOnly(count: number, mayUseWildcards: boolean): string {
  const what = count === 1 ? "1 line clears" : `${count} lines clear`;
  const whose = count === 1 ? "its" : "their";
  const how = mayUseWildcards ? "add * to clear those too" : "an admin can clear those too";
  return `${what} only the exact URL, not ${whose} ?tr= versions; ${how}.`;
}

/** What images cost because of path transformations, said once for all of them. */
function dearOf(planned: readonly PlannedLine[]): FoldedWarning | undefined {
  const images = planned.flatMap((each) => (each.verdict === "image" ? [each] : []));
  const dear = images.filter((image) => urlsPaid(image) > image.unitsWithQuery);
  if (dear.length === 0) return undefined;
  const now = dear.reduce((sum, image) => sum + urlsPaid(image), 0);
  const then = dear.reduce((sum, { unitsWithQuery }) => sum + unitsWithQuery, 0);
  const what = dear.length === 1 ? "1 image" : `${dear.length} images`;
  const text =
    `${capitalize(what)} here ${dear.length === 1 ? "has" : "have"} ${now} URLs, because pages use path ` +
    `transformations. With query transformations (?tr=…), clearing would cost ${pluralize(then, "unit")}.`;
  return { code: "path-transformations", severity: "note", text, lines: dear.map(({ line }) => line) };
}

/** How many of an image's URLs need a purge of their own, whether new or joined. */
function urlsPaid({ targets }: PlannedImage): number {
  return targets.filter(({ verdict }) => verdict === "accepted" || verdict === "joined").length;
}
