import { formPath, type RequestDraft, unchosen } from "../../shared/request-draft.ts";
import { pluralize } from "../../shared/words.ts";
import { debounce } from "../debounce.ts";
import { clockOf, momentOf } from "../local-times.ts";
import type { AcceptedCovers } from "./accepted-covers.ts";
import type { ChangedAtQuestion } from "./changed-at.ts";
import type { DraftStore, StoredDraft } from "./draft-store.ts";
import { formNote } from "./form-note.ts";
import type { NamingChoice } from "./naming-choice.ts";
import type { RequestElements } from "./request-elements.ts";
import type { SendAnyway } from "./send-anyway.ts";
import type { SendingChoice } from "./sending-choice.ts";
import { typedLines } from "./typed-lines.ts";

const saveAfterMs = 300;

/** What the reader has chosen in the form, besides its plain fields. */
type Answers = {
  readonly question: ChangedAtQuestion;
  readonly anyway: SendAnyway;
  readonly covers: AcceptedCovers;
  readonly naming: NamingChoice;
  readonly sending: SendingChoice;
};

type KeepDraftOptions = {
  readonly store: DraftStore;
  readonly answers: Answers;
  readonly basePath: string;
  /** Called after the fields were filled or emptied. */
  readonly onFilled: () => void;
};

/**
 * Keeps in the browser what is typed, so that an ended session, an outage, another page or a closed tab loses nothing:
 *
 *   typing ──► (300 ms of quiet, or the page goes) ──► the store, under the form's key
 *   opened again under its address ──► filled as it was        opened anew ──► the latest draft is offered
 *   submitted ──► the server names the key in a cookie ──► gone        signing out ──► all gone
 *
 * The key stays with its draft: if the answer to a submission was lost, submitting the draft again is the same request.
 */
export function keepDraft(parts: RequestElements, options: KeepDraftOptions): void {
  const { form, area, reason, key, skip, hold } = parts;
  const { store, basePath, onFilled } = options;
  const { question, anyway, covers, naming, sending } = options.answers;
  const note = formNote((made) => form.prepend(made));
  const isOnPage = form.closest("dialog") === null;
  /** Whether the fields have changed since they were stored. */
  let isChanged = false;
  let isLost = false;

  const typed = (): RequestDraft => ({
    key: key.value,
    urls: area.value,
    reason: reason.value,
    isHolding: hold.checked,
    isSkipping: skip.checked,
    isChangedBefore: question.isBefore(),
    changedAt: question.time() ?? "",
    anyway: [...anyway.names],
    cover: covers.prefixes(),
    naming: naming.value(),
    ...sending.answered(),
  });
  function save(): void {
    if (!isChanged) return;
    isChanged = false;
    const isBlank = area.value.trim() === "" && reason.value.trim() === "";
    if (isBlank) store.remove(key.value);
    isLost = !isBlank && !store.save(typed());
  }
  function fill(draft: RequestDraft): void {
    key.value = draft.key;
    form.action = formPath(basePath, draft.key);
    area.value = draft.urls;
    reason.value = draft.reason;
    skip.checked = draft.isSkipping;
    hold.checked = draft.isHolding;
    anyway.answer(draft.anyway);
    covers.answer(draft.cover);
    naming.answer(draft.naming);
    sending.answer(draft);
    question.answer(draft.isChangedBefore ? draft.changedAt : undefined);
    showAddress();
    onFilled();
  }
  /** Reloading or going back leads to this form again. */
  function showAddress(): void {
    if (isOnPage) history.replaceState(history.state, "", formPath(basePath, key.value));
    holdLock(lockName(key.value));
  }
  function discard(draft: StoredDraft): void {
    store.remove(draft.key);
    isChanged = false;
    if (draft.key === key.value) {
      fill({ ...unchosen, key: key.value, urls: "", reason: "" });
    }
    note.hide();
    offerLatest();
  }
  /** Offers the latest draft of another form. */
  async function offerLatest(): Promise<void> {
    const [latest] = store.list().filter((draft) => draft.key !== key.value);
    if (latest === undefined) return;
    const isElsewhere = (await heldLocks()).has(lockName(latest.key));
    const place = isElsewhere ? ", open in another tab" : "";
    note.show(`You have an unsent draft ${describe(latest)}${place}.`, [
      {
        label: isElsewhere ? "Restore it here" : "Restore",
        run: () => {
          save();
          note.hide();
          fill(latest);
          area.focus();
        },
      },
      ...(isElsewhere ? [] : [{ label: "Discard", run: () => discard(latest) }]),
    ]);
  }

  const changed = () => {
    isChanged = true;
    saveSoon();
  };
  const saveSoon = debounce(saveAfterMs, save);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    save();
    isLost = false;
  });
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);
  addEventListener("beforeunload", (event) => {
    save();
    if (isLost) event.preventDefault();
  });
  // Submitted or signed out in another tab: only what is typed from now on is kept.
  store.onRemoved((removed) => {
    if (removed === key.value) isChanged = false;
  });

  const own = area.value === "" ? store.read(key.value) : undefined;
  if (own !== undefined) {
    fill(own);
    note.show(`This is your unsent draft ${describe(own)}.`, [{ label: "Discard", run: () => discard(own) }]);
  } else if (form.dataset["unsent"] !== undefined) {
    isChanged = true;
    save();
    showAddress();
  } else {
    holdLock(lockName(key.value));
    if (area.value === "") offerLatest();
  }
}

/** `of 12 lines from 14:02`. */
function describe({ urls, savedAt }: StoredDraft): string {
  const at = new Date(savedAt);
  const isToday = at.toDateString() === new Date().toDateString();
  const lines = typedLines(urls).length;
  const what = lines === 0 ? "" : `of ${pluralize(lines, "line")} `;
  return `${what}from ${isToday ? clockOf(at) : momentOf(at)}`;
}

/** By its lock, other tabs see that a form is open here. The browser releases it with the page. */
function lockName(key: string): string {
  return `purge-desk draft ${key}`;
}

/** Browsers have locks only on https and localhost. */
function holdLock(name: string): void {
  if (!("locks" in navigator)) return;
  const untilThePageGoes = new Promise<void>(() => undefined);
  navigator.locks.request(name, { mode: "shared" }, () => untilThePageGoes).catch(() => undefined);
}

async function heldLocks(): Promise<ReadonlySet<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query().catch(() => ({ held: [] }));
  return new Set(held.map(({ name = "" }) => name));
}
