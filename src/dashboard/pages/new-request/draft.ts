import type { Clock } from "../../../domain/time.ts";
import type { RequestFault } from "../../../http/answers/problem.ts";
import { type CheckedRequest, checkPurgeRequest, linesOf } from "../../../http/requests/purge-request.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { isFormKey, type RequestDraft } from "../../shared/request-draft.ts";
import { anywayField } from "../../shared/send-anyway.ts";

export function emptyDraft(key: string): RequestDraft {
  return {
    key,
    urls: "",
    reason: "",
    isHolding: false,
    isSkipping: false,
    isChangedBefore: false,
    changedAt: "",
    anyway: [],
  };
}

export function readDraft(fields: ReadonlyMap<string, string>, freshKey: () => string): RequestDraft {
  const key = fields.get("key") ?? "";
  return {
    key: isFormKey(key) ? key : freshKey(),
    urls: fields.get("urls") ?? "",
    reason: fields.get("reason") ?? "",
    isHolding: fields.get("onExhausted") === "hold",
    isSkipping: fields.get("onInvalid") === "skip",
    isChangedBefore: fields.get("changed") === "before",
    changedAt: (fields.get("changedAt") ?? "").trim(),
    anyway: [...fields].flatMap(([name, value]) => (name.startsWith(anywayField) ? [value] : [])),
  };
}

/** Checks the draft as if it had come through the API, so that the same rules apply. */
export function checkDraft(draft: RequestDraft, clock: Clock): CheckedRequest {
  const input = requestBody(draft);
  return checkPurgeRequest(input, clock);
}

/** The fields that make two submissions the same, in a canonical form. */
export function canonicalBytes(draft: RequestDraft): Uint8Array<ArrayBuffer> {
  const anyway = draft.anyway.length === 0 ? "" : `\n${JSON.stringify([...draft.anyway].sort())}`;
  return new TextEncoder().encode(`form\n${JSON.stringify(requestBody(draft))}${anyway}`);
}

function requestBody({ urls, reason, isHolding, isSkipping, isChangedBefore, changedAt }: RequestDraft) {
  return {
    urls: linesOf(urls),
    ...(reason.trim() !== "" && { reason: reason.trim() }),
    ...(isChangedBefore && { changedAt: withZone(changedAt) }),
    onInvalid: isSkipping ? "skip" : "reject",
    onExhausted: isHolding ? "hold" : "reject",
  };
}

/**
 * Without the script the time is in UTC, such as `2026-11-24T14:02`. The script sends it with its zone. Anyone who types a
 * minute may mean any moment of it, so its last second counts.
 */
function withZone(time: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(time)) return `${time}:59Z`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(time) ? `${time}Z` : time;
}

const fieldNames: Readonly<Record<string, string>> = {
  "/urls": "URLs",
  "/reason": "Reason",
  "/changedAt": "The time of the change",
};

/** An error of the form in plain words. */
export function describeFault({ at, message }: RequestFault): string {
  if (at === "/urls") return "There is no URL yet. Enter one URL per line.";
  return `${fieldNames[at] ?? at}: ${message}.`;
}

/**
 * A filled-in request to try while ImageKit is simulated: images of an invented shop, with one line for each kind of
 * verdict. Rejected lines are skipped, so that it can be submitted as it is.
 */
export function sampleDraft(
  key: string,
  { endpoint, mayUseWildcards }: { readonly endpoint: UrlEndpoint; readonly mayUseWildcards: boolean },
): RequestDraft {
  const base = `https://${endpoint.host}${endpoint.path}`;
  const images = sampleImages.filter((path) => mayUseWildcards || !path.includes("*"));
  return {
    ...emptyDraft(key),
    urls: images.map((path) => base + path).join("\n"),
    reason: "sample images",
    isSkipping: true,
  };
}

const sampleImages = [
  "/default-image.jpg",
  "/shoes/red.jpg*",
  // Cleared by the wildcard above.
  "/shoes/red.jpg?tr=w-400",
  // Not cleared by it: a path transformation keeps its own cache.
  "/tr:w-400/shoes/red.jpg",
  "/shoes/autumn/*",
  // A repetition.
  "/default-image.jpg",
  // Two that ImageKit refuses: too broad, and a wildcard in the middle.
  "/shoes*",
  "/shoes/*/green.jpg",
] as const;
