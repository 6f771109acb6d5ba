import { maximumLines } from "../../../rules/limits.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { type BudgetNow, countLines } from "../../shared/count-lines.ts";
import type { OtherPurge } from "../../shared/line-description.ts";
import { formPath } from "../../shared/request-draft.ts";
import { changedAtQuestion } from "./changed-at.ts";
import { type Confirmation, confirmPlan } from "./confirm-plan.ts";
import { debounce } from "../debounce.ts";
import type { DraftStore } from "./draft-store.ts";
import { fileDrop } from "../file-drop.ts";
import { formNote } from "./form-note.ts";
import { keepDraft } from "./keep-draft.ts";
import { requestElements } from "./request-elements.ts";
import { requestView } from "./request-view.ts";
import { sendAnyway } from "./send-anyway.ts";
import { takeText } from "./take-text.ts";
import { judgeLines, replaceLines } from "./typed-lines.ts";
import { verdictList } from "./verdict-list.ts";
import { whyBlocked } from "./why-blocked.ts";

const confirmAfterMs = 400;

/**
 * Makes the form lively:
 *
 *   typing ──► rules, in the next frame ──► (400 ms of quiet) ──► POST /api/plan ──► joins, budget
 *                    └── shown at once                                  └── shown as confirmed; or why not
 *
 * Typing on aborts what was asked. What is submitted is judged once more by the server.
 */
export function composeRequest(container: HTMLElement, basePath: string, drafts: DraftStore): void {
  const parts = requestElements(container);
  const { form, area, skip, hold, changedAt, list, file } = parts;
  const endpoints: readonly UrlEndpoint[] = JSON.parse(form.dataset["endpoints"] ?? "[]");
  const mayUseWildcards = form.dataset["wildcards"] === "yes";
  const known = new Map<string, OtherPurge>();

  /** Joins by target, from the latest confirmation. Kept while the reader types, so that the rows do not flicker. */
  let joins: ReadonlyMap<string, string> = new Map();
  /** The lines that are sent although they are probably a mistake. */
  const anyway = sendAnyway(container, form);
  let judged = judgeLines("", endpoints, { joins, anyway: anyway.names });
  let others: ReadonlyMap<number, OtherPurge> = new Map();
  let confirmation: Confirmation | undefined;
  /** Undefined while the ledger has not answered. */
  let budget: BudgetNow | undefined = JSON.parse(form.dataset["budget"] ?? "null") ?? undefined;
  let isSubmitting = false;
  let asking = new AbortController();
  let frame = 0;

  const question = changedAtQuestion(form, changedAt);
  const view = requestView(parts);
  const showVerdicts = verdictList(list, {
    basePath,
    mayUseWildcards,
    onReplace: (replacements) => {
      replaceLines(area, replacements);
      area.focus();
    },
    onAnyway: (name, isSent) => {
      anyway.set(name, isSent);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  const confirm = debounce(confirmAfterMs, async () => {
    asking = new AbortController();
    const { signal } = asking;
    const { targets } = judged;
    if (targets.length === 0) return;
    const urls = targets.map(({ typed }) => typed);
    const timeZone = form.dataset["timeZone"] ?? "UTC";
    const options = { basePath, signal, known, timeZone, changedAt: question.time() };
    const reply = await confirmPlan(urls, options).catch(() => undefined);
    if (reply === undefined || signal.aborted) return;
    confirmation = reply;
    joins = new Map();
    if (reply.kind !== "not-answered") budget = reply.budget;
    if (reply.kind === "several") question.ask(false);
    if (reply.kind === "confirmed") {
      joins = new Map(
        reply.lines.flatMap((line, index) =>
          line.verdict === "joined" ? [[targets[index]?.url ?? "", line.purgeId] as const] : [],
        ),
      );
      others = new Map([...reply.others].map(([index, other]) => [targets[index - 1]?.line ?? 0, other]));
      question.ask(reply.isShareable);
    }
    render();
  });

  function changed(): void {
    asking.abort();
    confirmation = undefined;
    others = new Map();
    render();
    if (judged.targets.length === 0) question.ask(false);
    confirm();
  }

  /**
   * The confirmation is outdated, or for another time of change: no line counts as free until it is confirmed again.
   */
  function askAgain(): void {
    joins = new Map();
    changed();
  }

  function render(): void {
    judged = judgeLines(area.value, endpoints, { joins, anyway: anyway.names });
    const { lines } = judged;
    const counts = countLines(lines, { mayUseWildcards, isHolding: hold.checked, budget });
    const isSignedOut = confirmation?.kind === "not-answered" && confirmation.isSignedOut;
    const blocked = whyBlocked({
      lines,
      counts,
      budget: confirmation?.kind === "not-answered" ? undefined : budget,
      isSkipping: skip.checked,
      isHolding: hold.checked,
      isTimeMissing: question.isTimeMissing(),
      trouble: navigator.onLine ? (isSignedOut ? "Your session has ended." : undefined) : "You are offline.",
    });
    const isMany = lines.length > maximumLines;
    const here = formPath(basePath, parts.key.value);
    const signInAt = isSignedOut ? `${basePath}/sign-in?next=${encodeURIComponent(here)}` : undefined;
    view.show({ lines, counts, budget, confirmation, blocked, signInAt, isSubmitting });
    showVerdicts(lines, { others, counts }, isMany ? "notable" : "all");
  }

  area.addEventListener("input", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(changed);
  });
  form.addEventListener("change", ({ target }) => {
    if (target === area) return;
    if (target instanceof Node && changedAt.contains(target)) askAgain();
    else render();
  });
  form.addEventListener("submit", (event) => {
    if (isSubmitting) event.preventDefault();
    isSubmitting = true;
    // After the browser has read the fields: it would leave out a disabled button.
    setTimeout(render);
    // The reader may have stopped loading. Submitting again is safe because of the form's key.
    setTimeout(released, 15_000);
  });
  const released = () => {
    isSubmitting = false;
    askAgain();
  };
  addEventListener("pageshow", released);
  container.addEventListener("shown", askAgain);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") askAgain();
  });
  addEventListener("online", changed);
  addEventListener("offline", render);
  const taken = takeText({ area, endpoints, note: formNote((note) => file.taken.replaceWith(note)) });
  fileDrop(container, { ...file, onTexts: taken.append });
  parts.check.remove();
  changed();
  keepDraft(parts, { store: drafts, question, anyway, basePath, onFilled: askAgain });
}
