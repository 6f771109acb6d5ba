import type { CoverOffer, PlanningContext } from "../../../planning/request-plan.ts";
import { maximumLines, maximumPurges } from "../../../rules/limits.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { type BudgetNow, countLines } from "../../shared/count-lines.ts";
import { describeCovers } from "../../shared/cover-words.ts";
import type { OtherPurge } from "../../shared/line-description.ts";
import { guessWords } from "../../shared/naming.ts";
import { formPath } from "../../shared/request-draft.ts";
import { splitPlan } from "../../shared/split-plan.ts";
import { offerWholeImages } from "../../shared/whole-images.ts";
import { debounce } from "../debounce.ts";
import { fileDrop } from "../file-drop.ts";
import { acceptedCovers } from "./accepted-covers.ts";
import { changedAtQuestion } from "./changed-at.ts";
import { type Confirmation, confirmPlan } from "./confirm-plan.ts";
import type { DraftStore } from "./draft-store.ts";
import { fetchProfiles } from "./fetch-profiles.ts";
import { formNote } from "./form-note.ts";
import { judgeLines, type Known } from "./judge-lines.ts";
import { keepDraft } from "./keep-draft.ts";
import { namingChoice } from "./naming-choice.ts";
import { requestElements } from "./request-elements.ts";
import { requestView } from "./request-view.ts";
import { sendAnyway } from "./send-anyway.ts";
import { sendingChoice } from "./sending-choice.ts";
import { takeText } from "./take-text.ts";
import { replaceLines } from "./typed-lines.ts";
import { verdictList } from "./verdict-list.ts";
import { whyBlocked } from "./why-blocked.ts";

const confirmAfterMs = 400;
/** Lines that take longer than this to judge, such as 1,000 images, are judged only when the typing pauses. */
const longMs = 50;
const pauseMs = 250;
const nothingKnown: Known = { joins: new Map(), refused: new Map() };

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
  let context: PlanningContext = {
    endpoints,
    profiles: JSON.parse(form.dataset["profiles"] ?? "[]"),
    mayUseWildcards,
  };
  const read = new Map<string, OtherPurge>();

  /** From the latest confirmation. Kept while the reader types, so that the rows do not flicker. */
  let known = nothingKnown;
  /** The lines that are sent although they are probably a mistake. */
  const anyway = sendAnyway(container, form);
  const covers = acceptedCovers(form);
  const naming = namingChoice(parts.naming);
  const sending = sendingChoice(form, parts.sending);
  const judge = () =>
    judgeLines(area.value, {
      context,
      naming: naming.value(),
      cover: covers.prefixes(),
      known,
      anyway: anyway.names,
    });
  let judged = judge();
  let others: ReadonlyMap<number, OtherPurge> = new Map();
  let offers: readonly CoverOffer[] = [];
  let confirmation: Confirmation | undefined;
  /** Undefined while the ledger has not answered. */
  let budget: BudgetNow | undefined = JSON.parse(form.dataset["budget"] ?? "null") ?? undefined;
  let isSubmitting = false;
  let asking = new AbortController();
  let frame = 0;
  let tookMs = 0;

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
      announceChange();
    },
    onCover: (prefix, isAccepted) => {
      covers.set(prefix, isAccepted);
      announceChange();
    },
    onWholeImages: () => {
      naming.answer("images");
      announceChange();
    },
  });
  /** As if it had been typed: it is judged, confirmed and kept. */
  const announceChange = () => area.dispatchEvent(new Event("input", { bubbles: true }));
  const confirm = debounce(confirmAfterMs, async () => {
    asking = new AbortController();
    const { signal } = asking;
    if (judged.asked.length === 0) return;
    const reply = await confirmPlan(judged.asked, {
      basePath,
      signal,
      read,
      cover: covers.prefixes(),
      timeZone: form.dataset["timeZone"] ?? "UTC",
      changedAt: question.time(),
      sendAfter: sending.sendAfter(),
    }).catch(() => undefined);
    if (reply === undefined || signal.aborted) return;
    if (reply.kind === "confirmed" && reply.isOutdated) {
      const profiles = await fetchProfiles({ basePath, signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (profiles !== undefined && JSON.stringify(profiles) !== JSON.stringify(context.profiles)) {
        context = { ...context, profiles };
        return changed();
      }
    }
    confirmation = reply;
    known = nothingKnown;
    if (reply.kind === "confirmed") {
      ({ known, budget, others, offers } = reply);
      question.ask(reply.isShareable);
    }
    render();
  });

  function changed(): void {
    asking.abort();
    confirmation = undefined;
    others = new Map();
    const from = performance.now();
    render();
    tookMs = performance.now() - from;
    if (judged.asked.length === 0) question.ask(false);
    confirm();
  }

  /**
   * The confirmation is outdated, or for another time of change: no line counts as free until it is confirmed again.
   */
  function askAgain(): void {
    known = nothingKnown;
    changed();
  }

  function render(): void {
    judged = judge();
    const { lines, named } = judged;
    const counts = countLines(lines, {
      mayUseWildcards,
      isHolding: hold.checked,
      budget,
      covers: judged.covers,
    });
    const isSignedOut = confirmation?.kind === "not-answered" && confirmation.isSignedOut;
    const blocked = whyBlocked({
      lines,
      counts,
      budget: confirmation?.kind === "not-answered" ? undefined : budget,
      isSkipping: skip.checked,
      isHolding: hold.checked,
      isTimeMissing: question.isTimeMissing(),
      sendingProblem: sending.problem(),
      trouble: navigator.onLine ? (isSignedOut ? "Your session has ended." : undefined) : "You are offline.",
    });
    const isMany = lines.length > maximumLines || judged.plan.targets.length > maximumPurges;
    const batches = isMany ? splitPlan(judged.plan, context).length : 1;
    parts.guess.textContent = guessWords(named, naming.value());
    const here = formPath(basePath, parts.key.value);
    const signInAt = isSignedOut ? `${basePath}/sign-in?next=${encodeURIComponent(here)}` : undefined;
    view.show({ lines, counts, batches, isMany, budget, confirmation, blocked, signInAt, isSubmitting });
    const accepted = covers.prefixes();
    const judgedSoFar = {
      others,
      counts,
      covers: describeCovers({ accepted, planned: judged.covers, offers, mayUseWildcards }),
      wholeImages: offerWholeImages(named, naming.value(), context),
    };
    showVerdicts(lines, judgedSoFar, lines.length > maximumLines ? "notable" : "all");
  }

  const changedSoon = debounce(pauseMs, changed);
  area.addEventListener("input", () => {
    cancelAnimationFrame(frame);
    if (tookMs > longMs) changedSoon();
    else frame = requestAnimationFrame(changed);
  });
  form.addEventListener("change", ({ target }) => {
    if (target === area) return;
    const isAskedAnew = [changedAt, parts.naming, parts.sending].some(
      (part) => target instanceof Node && part.contains(target),
    );
    if (isAskedAnew) askAgain();
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
  const answers = { question, anyway, covers, naming, sending };
  keepDraft(parts, { store: drafts, answers, basePath, onFilled: askAgain });
}
