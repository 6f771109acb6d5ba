import type { Clock } from "../../../domain/time.ts";
import type { RequestFault } from "../../../http/answers/problem.ts";
import { type CheckedRequest, checkPurgeRequest, linesOf } from "../../../http/requests/purge-request.ts";
import { type NamedLines, nameLines, namings } from "../../shared/naming.ts";
import { coverField, isFormKey, type RequestDraft, sendings, unchosen } from "../../shared/request-draft.ts";
import { anywayField } from "../../shared/send-anyway.ts";
import { mostLines } from "../../shared/several-batches.ts";

export function emptyDraft(key: string): RequestDraft {
  return { ...unchosen, key, urls: "", reason: "" };
}

export function readDraft(fields: ReadonlyMap<string, string>, freshKey: () => string): RequestDraft {
  const key = fields.get("key") ?? "";
  const valuesOf = (begin: string) =>
    [...fields].flatMap(([name, value]) => (name.startsWith(begin) ? [value] : []));
  const accepted = fields.get("accept");
  const undone = fields.get("undo");
  const cover = [...valuesOf(coverField), ...(accepted === undefined ? [] : [accepted])];
  return {
    key: isFormKey(key) ? key : freshKey(),
    urls: fields.get("urls") ?? "",
    naming: namings.find((naming) => naming === fields.get("naming")) ?? unchosen.naming,
    cover: [...new Set(cover)].filter((prefix) => prefix !== undone),
    reason: fields.get("reason") ?? "",
    isHolding: fields.get("onExhausted") === "hold",
    isSkipping: fields.get("onInvalid") === "skip",
    isChangedBefore: fields.get("changed") === "before",
    changedAt: (fields.get("changedAt") ?? "").trim(),
    sending: sendings.find((sending) => sending === fields.get("sending")) ?? unchosen.sending,
    settleSeconds: fields.get("settleSeconds") ?? unchosen.settleSeconds,
    sendAfter: (fields.get("sendAfter") ?? "").trim(),
    anyway: valuesOf(anywayField),
  };
}

/** The fields that a form posts for a draft, without its lines that are sent anyway. */
export function fieldsOf(draft: RequestDraft): Readonly<Record<string, string>> {
  const { key, urls, naming, cover, reason, sending, settleSeconds, sendAfter } = draft;
  return {
    key,
    urls,
    naming,
    reason,
    sending,
    ...(sending === "settle" && { settleSeconds }),
    ...(sending === "later" && { sendAfter }),
    ...(draft.isHolding && { onExhausted: "hold" }),
    ...(draft.isSkipping && { onInvalid: "skip" }),
    ...(draft.isChangedBefore && { changed: "before", changedAt: draft.changedAt }),
    ...Object.fromEntries(cover.map((prefix, index) => [`${coverField}${index}`, prefix])),
  };
}

/** The lines of a draft as URLs and images. */
export function namedIn({ urls, naming }: Pick<RequestDraft, "urls" | "naming">): NamedLines {
  return nameLines(linesOf(urls), naming);
}

/** Checks the draft as if it had come through the API, so that the same rules apply. */
export function checkDraft(draft: RequestDraft, named: Named, clock: Clock): CheckedRequest {
  return checkPurgeRequest(requestBody(draft, named), clock, mostLines);
}

/** What a draft, or a part of it, names. */
export type Named = Pick<NamedLines, "urls" | "images">;

/** The fields that make two submissions the same, in a canonical form. */
export function canonicalBytes(draft: RequestDraft, named: Named): Uint8Array<ArrayBuffer> {
  const anyway = draft.anyway.length === 0 ? "" : `\n${JSON.stringify([...draft.anyway].sort())}`;
  return new TextEncoder().encode(`form\n${JSON.stringify(requestBody(draft, named))}${anyway}`);
}

function requestBody(draft: RequestDraft, { urls, images }: Named) {
  const { reason, isHolding, isSkipping, isChangedBefore, changedAt, cover, sending } = draft;
  // What is scheduled shares no purge that was sent before, so it does not matter when the image changed.
  const isChangeAsked = isChangedBefore && sending !== "later";
  return {
    ...((urls.length > 0 || images.length === 0) && { urls }),
    ...(images.length > 0 && { images }),
    ...(cover.length > 0 && { cover }),
    ...(reason.trim() !== "" && { reason: reason.trim() }),
    ...(isChangeAsked && { changedAt: withZone(changedAt, "59") }),
    ...(sending === "later" && { sendAfter: withZone(draft.sendAfter, "00") }),
    ...(sending === "settle" && { settleSeconds: Number(draft.settleSeconds) }),
    onInvalid: isSkipping ? "skip" : "reject",
    onExhausted: isHolding ? "hold" : "reject",
  };
}

/**
 * Without the script a time is in UTC, such as `2026-11-24T14:02`. The script sends it with its zone. Anyone who types
 * the minute of a change may mean any moment of it, so its last second counts.
 */
function withZone(time: string, seconds: "00" | "59"): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(time)) return `${time}:${seconds}Z`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(time) ? `${time}Z` : time;
}

const fieldNames: Readonly<Record<string, string>> = {
  "/urls": "URLs",
  "/reason": "Reason",
  "/images": "Images",
  "/cover": "Folders",
  "/changedAt": "The time of the change",
  "/sendAfter": "The send time",
  "/settleSeconds": "The pause",
};

/** An error of the form in plain words. */
export function describeFault({ at, message }: RequestFault): string {
  if (at === "/urls") return "There is no URL or image yet. Enter one per line.";
  return `${fieldNames[at] ?? at}: ${message}.`;
}
