import { expect, test } from "vitest";
import type { EdgeReading } from "../../src/domain/edge-check.ts";
import { decideOutcome } from "../../src/edge/decide-outcome.ts";
import { interpretAnswer } from "../../src/edge/interpret-answer.ts";

/** Seconds after the send. */
const sent = 0;
const completed = 60;
/** The tries come 5, 60 and 300 s after Completed. */
const tries = [65, 125, 425] as const;
const start = Date.UTC(2026, 10, 23, 18, 0, 0);

/** An answer of the CDN; by default a picture, with what each row says. */
type Seen = {
  /** Seconds after the send, if it is not the usual time of this reading. */
  readonly at?: number | undefined;
  /** Seconds that the headers took; `Age` is told at the beginning. */
  readonly took?: number;
  readonly status?: number;
  readonly etag?: string;
  readonly age?: number | string;
  readonly cache?: string;
  /** `none` if the CDN names no location. */
  readonly pop?: string;
  readonly type?: string;
  readonly modified?: string;
  readonly length?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

const hit = "Hit from cloudfront";
const miss = "Miss from cloudfront";
const v1 = '"v1"';
const v2 = '"v2"';
const monday = "Mon, 16 Nov 2026 10:00:00 GMT";
const tuesday = "Tue, 17 Nov 2026 10:00:00 GMT";

/** A copy that this location made this many seconds after the send (before it, if negative). */
const copy = (etag: string, made: number, at?: number, more: Seen = {}) => ({ etag, made, at, ...more });

type Row = {
  readonly name: string;
  readonly before?: Look;
  /** One look for each try, or the same at every one. */
  readonly after: Look | readonly [Look, Look, Look];
  /** Seconds after the send. */
  readonly changed?: number;
  /** The outcome, and its cause if it has several. */
  readonly is: string;
  /** The try that decides, if not the first. */
  readonly atTry?: 1 | 2 | 3;
};
type Look = (Seen & { readonly made?: number | undefined }) | "nothing" | "not asked";

function readingOf(look: Look, usualAt: number): EdgeReading {
  if (look === "nothing") return { at: start + usualAt * 1_000, problem: "no answer within 3,000 ms" };
  if (look === "not asked") return { at: start + usualAt * 1_000, problem: "private", notAsked: true };
  const at = look.at ?? usualAt;
  const age = look.made === undefined ? look.age : Math.floor(at - look.made);
  const cache = look.cache ?? (look.made === undefined ? undefined : hit);
  const headers = {
    "content-type": look.type ?? "image/webp",
    ...(look.etag !== undefined && { etag: look.etag }),
    ...(age !== undefined && { age: String(age) }),
    ...(cache !== undefined && { "x-cache": cache }),
    ...(look.modified !== undefined && { "last-modified": look.modified }),
    ...(look.length !== undefined && { "content-length": String(look.length) }),
    ...(look.pop !== "none" && { "x-amz-cf-pop": look.pop ?? "FRA56-P5" }),
    ...look.headers,
  };
  const askedAt = start + at * 1_000;
  return interpretAnswer(
    { status: look.status ?? 200, headers: new Headers(headers) },
    askedAt + (look.took ?? 0) * 1_000,
    askedAt,
  );
}

/** Reads up to three times, as the ledger has it done, until there is an outcome. */
function outcomeOf({ before, after, changed }: Row) {
  let previous: EdgeReading | undefined;
  for (const [index, usualAt] of tries.entries()) {
    const look = Array.isArray(after) ? after[index] : after;
    const reading = readingOf(look, usualAt);
    const result = decideOutcome({
      reading,
      before: before === undefined ? undefined : readingOf(before, 0.2),
      previous,
      sentAt: start + sent * 1_000,
      completedAt: start + completed * 1_000,
      changedAt: changed === undefined ? undefined : start + changed * 1_000,
      isLastTry: index === 2,
    });
    expect(result.after).toBe(reading);
    if (result.outcome !== "undecided") {
      const cause = "cause" in result ? result.cause : undefined;
      return { is: cause === undefined ? result.outcome : `${result.outcome}: ${cause}`, atTry: index + 1 };
    }
    previous = reading;
  }
  throw new Error("the last try decided nothing");
}

const old = copy(v1, -3_600);
/** What a cache that was cleared serves: a copy made when it was asked for at the first try. */
const made = (etag: string, more: Seen = {}): Seen => ({ etag, cache: miss, ...more });

// biome-ignore format: a table is read with one row a line.
const rows: readonly Row[] = [
  // A new image
  { name: "another image, newly made", before: old, after: made(v2), is: "fresh" },
  { name: "another image in a copy made between the send and Completed", before: old, after: copy(v2, 30), is: "fresh" },
  { name: "another image with an old Age, in the same location", before: old, after: copy(v2, -60), is: "fresh" },
  { name: "another image in a hit without Age", before: old, after: { etag: v2, cache: hit }, is: "fresh" },
  { name: "another image with a negative Age", before: old, after: { etag: v2, age: -5 }, is: "fresh" },
  { name: "another image where the CDN says neither Age nor hit", before: { etag: v1 }, after: { etag: v2 }, is: "fresh" },
  { name: "another image, newly made, in another location", before: old, after: made(v2, { pop: "AMS1" }), is: "fresh" },
  { name: "another image that another location has had since before the send", before: old, after: copy(v2, -60, undefined, { pop: "AMS1" }), is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image in a copy older than the one from before: the image before the last", before: copy(v1, -60), after: copy('"v0"', -7_200), is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image in a hit without Age, in another location", before: old, after: { etag: v2, cache: hit, pop: "AMS1" }, is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image in a hit without Age, before and after, in another location", before: { etag: v1, cache: hit }, after: { etag: v2, cache: hit, pop: "AMS1" }, is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image with a negative Age, in another location", before: old, after: { etag: v2, age: -5, pop: "AMS1" }, is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image in another location, whose old copy then ends", before: old, after: [copy(v2, -60, undefined, { pop: "AMS1" }), made(v2, { pop: "AMS1" }), old], is: "fresh", atTry: 2 },
  { name: "another image in a copy made between the send and Completed, in another location", before: old, after: copy(v2, 30, undefined, { pop: "AMS1" }), is: "fresh" },
  { name: "another image, newly made, where the CDN names no location", before: copy(v1, -3_600, undefined, { pop: "none" }), after: made(v2, { pop: "none" }), is: "fresh" },
  { name: "another image in an old copy, younger than the one from before, where the CDN names no location", before: copy('"v0"', -864_000, undefined, { pop: "none" }), after: copy(v1, -3_600, undefined, { pop: "none" }), is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image in an old copy, where only the first answer named a location", before: copy('"v0"', -864_000), after: copy(v1, -3_600, undefined, { pop: "none" }), is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image in a hit without Age, where the CDN names no location", before: copy(v1, -3_600, undefined, { pop: "none" }), after: { etag: v2, cache: hit, pop: "none" }, is: "unreadable: perhaps-older", atTry: 3 },
  { name: "another image where a server says neither Age, hit nor location", before: { etag: v1, pop: "none" }, after: { etag: v2, pop: "none" }, is: "unreadable: perhaps-older", atTry: 3 },
  { name: "the old copy at two tries, then another image", before: old, after: [old, old, made(v2)], is: "fresh", atTry: 3 },

  // The same image, newly made
  { name: "the same image, newly made, after a stated change", before: old, changed: -10, after: made(v1), is: "unchanged" },
  { name: "the same image, newly made, no change stated", before: old, after: made(v1), is: "renewed: same-image" },
  { name: "the same image, whose copy from before was made after the stated change", before: copy(v1, -5), changed: -10, after: made(v1), is: "renewed: renewed-before" },
  { name: "the same image, whose copy from before was made 2 s before the stated change", before: copy(v1, -12), changed: -10, after: made(v1), is: "renewed: renewed-before" },
  { name: "the same image, whose copy from before was made 3 s before the stated change", before: copy(v1, -13), changed: -10, after: made(v1), is: "unchanged" },
  { name: "the same image from before the change, its copy of unknown age", before: { etag: v1, cache: hit }, changed: -10, after: made(v1), is: "renewed: age-before-unknown" },
  { name: "the same image uploaded again", before: old, changed: -10, after: made(v1), is: "unchanged" },
  { name: "a location that had no copy before the send", before: { etag: v1, cache: miss }, changed: -10, after: made(v1), is: "renewed: renewed-before" },
  { name: "an image, newly made, and no reading from before", after: made(v1), is: "renewed: no-reading-before" },
  { name: "an image, newly made, that was not found before", before: { status: 404 }, changed: -10, after: made(v1), is: "renewed: nothing-served-before" },
  { name: "an image, newly made, that was refused before", before: { status: 403 }, changed: -10, after: made(v1), is: "renewed: nothing-served-before" },
  { name: "an image, newly made, where a redirect was before", before: { status: 302 }, changed: -10, after: made(v1), is: "renewed: nothing-served-before" },
  { name: "an image, newly made, where an error's picture was served before", before: { status: 404, etag: v1, age: 3_600 }, after: made(v2), is: "renewed: nothing-served-before" },
  { name: "an image, newly made, when nothing answered before", before: "nothing", changed: -10, after: made(v1), is: "renewed: no-reading-before" },
  { name: "the same image, newly made, that is said to change 2 s after the send", before: old, changed: 2, after: made(v1), is: "unchanged" },
  { name: "the same image, newly made, that is said to change 3 s after the send", before: old, changed: 3, after: made(v1), is: "renewed: changed-after-send" },
  { name: "the same image, newly made, that is said to change an hour after the send", before: old, changed: 3_600, after: made(v1), is: "renewed: changed-after-send" },
  { name: "an image without a fingerprint, newly made", before: old, changed: -10, after: { cache: miss }, is: "renewed: no-fingerprint" },

  // Fingerprints
  { name: "the same etag, weak before", before: copy('W/"v1"', -3_600), changed: -10, after: made(v1), is: "unchanged" },
  { name: "the same etag, weak after", before: old, changed: -10, after: made('W/"v1"'), is: "unchanged" },
  { name: "another etag, weak", before: old, after: made('W/"v2"'), is: "fresh" },
  { name: "an etag without its quotes", before: old, changed: -10, after: made("v1"), is: "unchanged" },
  { name: "the same last-modified and length", before: { age: 3_600, modified: monday, length: 9 }, changed: -10, after: { modified: monday, length: 9, cache: miss }, is: "unchanged" },
  { name: "another last-modified", before: { age: 3_600, modified: monday, length: 9 }, after: { modified: tuesday, length: 9, cache: miss }, is: "fresh" },
  { name: "another length", before: { age: 3_600, modified: monday, length: 9 }, after: { modified: monday, length: 8, cache: miss }, is: "fresh" },
  { name: "a last-modified without a length", before: { age: 3_600, modified: monday }, after: { modified: tuesday, cache: miss }, is: "renewed: no-fingerprint" },
  { name: "an etag before, a last-modified after", before: old, after: { modified: monday, length: 9, cache: miss }, is: "renewed: no-fingerprint" },
  { name: "a length that came with a range, and one that did not", before: { age: 3_600, modified: monday, length: 9 }, changed: -10, after: { status: 206, modified: monday, length: 1, headers: { "content-range": "bytes 0-0/9" }, cache: miss }, is: "unchanged" },
  { name: "the same image as AVIF, whose WebP was read before", before: old, after: made(v2, { type: "image/avif" }), is: "renewed: no-fingerprint" },
  { name: "an old AVIF, whose WebP was read before", before: old, after: copy(v2, -60, undefined, { type: "image/avif" }), is: "unreadable: nothing-to-compare", atTry: 3 },
  { name: "an answer that varies by Accept, asked with the same Accept", before: copy(v1, -3_600, undefined, { headers: { vary: "Accept" } }), after: made(v2, { headers: { vary: "Accept" } }), is: "fresh" },

  // The old copy
  { name: "the old copy at each try", before: old, after: old, is: "stale", atTry: 3 },
  { name: "the old copy at each try, its time off by 2 s earlier", before: old, after: copy(v1, -3_602), is: "stale", atTry: 3 },
  { name: "the old copy at each try, its time off by 2 s later", before: old, after: copy(v1, -3_598), is: "stale", atTry: 3 },
  { name: "the old copy at the last try, after two that failed", before: old, after: ["nothing", { status: 503 }, old], is: "stale", atTry: 3 },
  { name: "the old copy in another location, seen there twice", before: old, after: [copy(v1, -90), copy(v1, -90), copy(v1, -90)], is: "stale", atTry: 3 },
  { name: "old copies of the same image, in another location at each try", before: old, after: [copy(v1, -500, undefined, { pop: "AMS1" }), copy(v1, -90, undefined, { pop: "LHR5" }), copy(v1, -900, undefined, { pop: "CDG3" })], is: "unreadable: age-unproven", atTry: 3 },
  { name: "an origin that always says the same Age", before: { etag: v1, age: 3_600, cache: hit }, after: { etag: v1, age: 3_600, cache: hit }, is: "unreadable: age-unproven", atTry: 3 },
  { name: "an origin that always says the same Age, and a copy stated to be older than the change", before: { etag: v1, age: 3_600 }, changed: -10, after: { etag: v1, age: 3_600 }, is: "unreadable: age-unproven", atTry: 3 },
  { name: "an origin that always says the same Age, read twice within 3 s", before: { etag: v1, age: 3_600 }, after: ["nothing", { etag: v1, age: 3_600, at: 422 }, { etag: v1, age: 3_600 }], is: "unreadable: age-unproven", atTry: 3 },
  { name: "the old copy, whose time is off by 3 s, after an older one of another cache", before: old, after: ["nothing", copy(v1, -7_200), copy(v1, -3_603)], is: "stale", atTry: 3 },
  { name: "an old copy, made when another image's was that another location had", before: old, after: ["nothing", copy(v2, -90, undefined, { pop: "AMS1" }), copy(v1, -90)], is: "unreadable: age-unproven", atTry: 3 },
  { name: "an old copy, and no reading from before", after: old, is: "unreadable: nothing-to-compare", atTry: 3 },
  { name: "an old copy without a fingerprint", before: old, after: { age: 7_200, cache: hit }, is: "unreadable: nothing-to-compare", atTry: 3 },
  { name: "an old copy, then a new one of the same image", before: old, changed: -10, after: [old, made(v1), old], is: "unchanged", atTry: 2 },

  // A cache behind the CDN, which a purge does not clear
  { name: "the old image that the CDN fetches at each try from a cache behind it", before: { etag: v1, age: 5_000, cache: miss }, changed: -10, after: copy(v1, -5_000, undefined, { cache: miss }), is: "renewed: inner-cache" },
  { name: "the old image that the CDN fetches from a cache behind it after its own copy was cleared", before: old, changed: -10, after: copy(v1, -5_000, undefined, { cache: miss }), is: "renewed: inner-cache" },
  { name: "the old image that the CDN fetches from a cache behind it, and no reading from before", after: copy(v1, -5_000, undefined, { cache: miss }), is: "renewed: inner-cache" },
  { name: "the old image that the CDN fetched from a cache behind it beside the send, and kept", before: copy(v1, -5_000, undefined, { cache: miss }), after: copy(v1, -5_000), is: "unreadable: age-unproven", atTry: 3 },
  { name: "the old image that the CDN fetched from a cache behind it with an Age of a few seconds", before: old, changed: -10, after: copy(v1, 50, undefined, { cache: miss }), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "the same image, newly made, that came from a cache behind the CDN before", before: copy(v1, -5_000, undefined, { cache: miss }), changed: -10, after: made(v1), is: "renewed: age-before-unknown" },
  { name: "another image that the CDN fetches from a cache behind it", before: old, after: copy(v2, -60, undefined, { cache: miss }), is: "fresh" },
  { name: "another image that another location fetches from a cache behind the CDN", before: old, after: copy(v2, -60, undefined, { cache: miss, pop: "AMS1" }), is: "unreadable: perhaps-older", atTry: 3 },

  // Made between the send and Completed, and 2 s on either side
  { name: "the same image in a copy made between the send and Completed", before: old, changed: -10, after: copy(v1, 30), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "the same image, made by the reading beside the send", before: { etag: v1, cache: miss }, after: copy(v1, 0.2), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "a copy made between the send and Completed, and no reading from before", after: copy(v1, 30), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "the same image in a copy made 2 s before the send", before: old, after: copy(v1, -2), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "the same image in a copy made 2 s after Completed", before: old, changed: -10, after: copy(v1, 62), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "the same image in a copy made 3 s after Completed", before: old, changed: -10, after: copy(v1, 63), is: "unchanged" },
  { name: "a copy made 3 s before the send, by another cache of the same location", before: old, after: [copy(v1, -3), copy(v1, -3), copy(v1, -3)], is: "stale", atTry: 3 },

  { name: "the same image, made 1 s before Completed, in an answer that took 2.9 s", before: old, changed: -10, after: copy(v1, 59, undefined, { took: 2.9 }), is: "unreadable: made-meanwhile", atTry: 3 },
  { name: "the same image, made when it was asked for, in an answer that took 2.9 s", before: old, changed: -10, after: made(v1, { took: 2.9 }), is: "unchanged" },
  { name: "another image, made 3 s before the send, in another location's answer that took 2.9 s", before: old, after: copy(v2, -3, undefined, { took: 2.9, pop: "AMS1" }), is: "unreadable: perhaps-older", atTry: 3 },

  // Age
  { name: "a hit without Age, of the same image", before: old, after: { etag: v1, cache: hit }, is: "unreadable: age-unknown" },
  { name: "a hit without Age, and nothing to compare", after: { etag: v1, cache: hit }, is: "unreadable: age-unknown" },
  { name: "a hit of an inner cache without Age", before: old, after: { etag: v1, cache: "HIT, MISS" }, is: "unreadable: age-unknown" },
  { name: "a CDN that says neither Age nor hit, before and after", before: { etag: v1 }, changed: -10, after: { etag: v1 }, is: "unreadable: age-unknown" },
  { name: "a CDN that said an Age before, and now says neither Age nor hit", before: { etag: v1, age: 3_600 }, changed: -10, after: { etag: v1 }, is: "unchanged" },
  { name: "a negative Age", before: old, after: { etag: v1, age: -5 }, is: "unreadable: age-unusable" },
  { name: "an Age that stands for too large", before: old, after: { etag: v1, age: 2 ** 31 }, is: "unreadable: age-unusable" },
  { name: "an Age of more digits than any number has", before: old, after: { etag: v1, age: "9".repeat(400) }, is: "unreadable: age-unusable" },
  { name: "an Age that is no number", before: old, after: { etag: v1, age: "soon" }, is: "unreadable: age-unusable" },
  { name: "an Age that is no number, with a hit", before: old, after: { etag: v1, age: "soon", cache: hit }, is: "unreadable: age-unusable" },
  { name: "an Age sent twice, with a hit", before: old, after: { etag: v1, age: "1, 2", cache: hit }, is: "unreadable: age-unusable" },
  { name: "a negative Age, with a hit", before: old, after: { etag: v1, age: -5, cache: hit }, is: "unreadable: age-unusable" },
  { name: "an Age with a fraction", before: old, after: { etag: v1, age: "1.5" }, is: "unreadable: age-unusable" },
  { name: "an Age sent twice", before: old, after: { etag: v1, age: "1, 2" }, is: "unreadable: age-unusable" },
  { name: "an Age of zero", before: old, changed: -10, after: { etag: v1, age: 0 }, is: "unchanged" },

  // No image
  { name: "not found, newly made", before: old, after: { status: 404, cache: "Error from cloudfront" }, is: "gone" },
  { name: "410, newly made", before: old, after: { status: 410 }, is: "gone" },
  { name: "not found, in HTML", before: old, after: { status: 404, type: "text/html" }, is: "gone" },
  { name: "not found, when nothing was read before", after: { status: 404, cache: miss }, is: "gone", atTry: 2 },
  { name: "not found, before and after", before: { status: 404, cache: miss }, after: { status: 404, cache: miss }, is: "gone", atTry: 2 },
  { name: "not found before, and at first after, then found", before: { status: 404, cache: miss }, after: [{ status: 404, cache: miss }, made(v2), old], is: "renewed: nothing-served-before", atTry: 2 },
  { name: "not found at the last try only, when nothing was read before", after: ["nothing", "nothing", { status: 404, cache: miss }], is: "gone", atTry: 3 },
  { name: "not found, where the server says neither Age nor hit", before: { etag: v1 }, after: { status: 404 }, is: "unreadable: age-unknown" },
  { name: "not found, made 1 s before Completed, in an answer that took 2.9 s", before: old, after: { status: 404, made: 59, took: 2.9, cache: "Error from cloudfront" }, is: "unreadable: cached-not-found", atTry: 3 },
  { name: "not found, in a copy from before the send", before: old, after: { status: 404, age: 900, cache: hit }, is: "unreadable: cached-not-found", atTry: 3 },
  { name: "not found, in a copy from before Completed, then found", before: old, after: [{ status: 404, age: 50 }, made(v2), old], is: "fresh", atTry: 2 },
  { name: "not found, in a hit without Age", before: old, after: { status: 404, cache: hit }, is: "unreadable: age-unknown" },
  { name: "not found, with a negative Age", before: old, after: { status: 404, age: -1 }, is: "unreadable: age-unusable" },
  { name: "401", before: old, after: { status: 401 }, is: "unreadable: not-allowed" },
  { name: "403, as an expired signature gives", before: old, after: { status: 403 }, is: "unreadable: not-allowed" },
  { name: "a redirect", before: old, after: { status: 302, etag: v2, headers: { location: "https://elsewhere.example/" } }, is: "unreadable: redirected" },
  { name: "HTML with 200 instead of the image", before: old, after: { etag: v2, type: "text/html; charset=utf-8" }, is: "unreadable: not-an-image" },
  { name: "no type at all", before: old, after: { etag: v2, type: "" }, is: "unreadable: not-an-image" },
  { name: "a video", before: copy(v1, -3_600, undefined, { type: "video/mp4" }), after: made(v2, { type: "video/mp4" }), is: "fresh" },
  { name: "another image's type with a parameter, in capitals", before: old, after: made(v2, { type: "Image/WebP; q=1" }), is: "fresh" },
  { name: "400", before: old, after: { status: 400 }, is: "unreadable: unexpected-status" },
  { name: "204", before: old, after: { status: 204, etag: v2 }, is: "unreadable: unexpected-status" },
  { name: "HTML before the send, then the image", before: { etag: v1, age: 3_600, type: "text/html" }, changed: -10, after: made(v1), is: "renewed: no-fingerprint" },

  // Failures
  { name: "5xx at each try", before: old, after: { status: 503 }, is: "unreadable: server-error", atTry: 3 },
  { name: "429 at each try", before: old, after: { status: 429 }, is: "unreadable: server-error", atTry: 3 },
  { name: "no answer at any try", before: old, after: "nothing", is: "unreadable: no-answer", atTry: 3 },
  { name: "5xx, then the new image", before: old, after: [{ status: 500 }, made(v2), old], is: "fresh", atTry: 2 },
  { name: "no answer twice, then a new copy of the same", before: old, changed: -10, after: ["nothing", "nothing", made(v1)], is: "unchanged", atTry: 3 },
  { name: "a URL that must not be asked for", before: old, after: "not asked", is: "unreadable: not-asked" },
];

test.each(rows)("$name is $is", (row) => {
  expect(outcomeOf(row)).toEqual({ is: row.is, atTry: row.atTry ?? 1 });
});
