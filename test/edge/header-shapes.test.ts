import { expect, test } from "vitest";
import type { EdgeReading } from "../../src/domain/edge-check.ts";
import { decideOutcome } from "../../src/edge/decide-outcome.ts";
import { interpretAnswer } from "../../src/edge/interpret-answer.ts";

/** Answers as CDNs and servers really give them: header lines, after the status if it is not 200. */
type Lines = readonly (readonly [name: string, value: string])[];
type Answer = Lines | { readonly status: number; readonly lines: Lines };

const sentAt = Date.parse("2026-11-23T18:00:00Z");
const second = 1_000;
const completedAt = sentAt + 60 * second;
/** The tries come 5, 60 and 300 s after Completed. */
const tries = [65, 125, 425] as const;

function read(answer: Answer, seconds: number): EdgeReading {
  const { status, lines } = "lines" in answer ? answer : { status: 200, lines: answer };
  const headers = new Headers();
  for (const [name, value] of lines) headers.append(name, value);
  return interpretAnswer({ status, headers }, sentAt + seconds * second);
}

/** The outcome and its cause, for an image that is said to have changed 10 s before the send. */
function outcomeOf(before: Answer, after: (seconds: number) => Answer): string {
  let previous: EdgeReading | undefined;
  for (const [index, seconds] of tries.entries()) {
    const result = decideOutcome({
      reading: read(after(seconds), seconds),
      before: read(before, 0),
      previous,
      sentAt,
      completedAt,
      changedAt: sentAt - 10 * second,
      isLastTry: index === tries.length - 1,
    });
    if (result.outcome !== "undecided") {
      return "cause" in result && result.cause ? `${result.outcome}: ${result.cause}` : result.outcome;
    }
    previous = result.after;
  }
  throw new Error("the last try decided nothing");
}

const webp = ["content-type", "image/webp"] as const;
const svg = ["content-type", "image/svg+xml"] as const;
const hls = ["content-type", "application/x-mpegURL"] as const;
const dash = ["content-type", "application/dash+xml"] as const;
const v1 = ["etag", '"v1"'] as const;
const v2 = ["etag", '"v2"'] as const;
const age = (seconds: number) => ["age", String(seconds)] as const;
/** CloudFront, in front of ImageKit. */
const pop = ["x-amz-cf-pop", "FRA56-P5"] as const;
const hit = [["x-cache", "Hit from cloudfront"], pop] as const;
const miss = [["x-cache", "Miss from cloudfront"], pop] as const;
/** Cloudflare, in front of that: what CloudFront said when the copy was made stays with the copy. */
const cloudflare = (status: string, location = "FRA") =>
  [
    ["cf-cache-status", status],
    ["cf-ray", `8c1d2e3f4a5b6c7d-${location}`],
  ] as const;
/** A copy an hour old at the send. */
const hourOld = [webp, v1, age(3_600), ...hit] as const;
const modified = (date: string, length = 900) =>
  [
    ["last-modified", date],
    ["content-length", String(length)],
  ] as const;
const morning = "Mon, 23 Nov 2026 10:00:00 GMT";
const uploaded = "Mon, 23 Nov 2026 17:59:40 GMT";
const dateAt = (seconds: number) => new Date(sentAt + seconds * second).toUTCString();

type Row = readonly [name: string, before: Answer, after: Answer | ((seconds: number) => Answer), is: string];

// biome-ignore format: a table is read with one row a line.
const rows: readonly Row[] = [
  // Entity tags
  ["the same tag, its encoding behind it (Apache)", [svg, v1, age(3_600), ...hit], [svg, ["etag", '"v1-gzip"'], ...miss], "unchanged"],
  ["the same tag, its encoding behind it (Jetty)", [svg, ["etag", '"v1--gzip"'], age(3_600), ...hit], [svg, v1, ...miss], "unchanged"],
  ["the same tag, weak and with its encoding", [svg, ["etag", 'W/"v1;br"'], age(3_600), ...hit], [svg, v1, ...miss], "unchanged"],
  ["another tag with an encoding", [svg, ["etag", '"v1-gzip"'], age(3_600), ...hit], [svg, ["etag", '"v2-gzip"'], ...miss], "fresh"],
  ["the same tag, sent twice", hourOld, [webp, v1, v1, ...miss], "unchanged"],
  ["the same tag, sent twice, weak once", hourOld, [webp, v1, ["etag", 'W/"v1"'], ...miss], "unchanged"],
  ["two tags, one of them the one from before", hourOld, [webp, v1, v2, ...miss], "renewed: no-fingerprint"],
  ["a tag with a quote in it, and another", [webp, ["etag", '"a"b"'], age(3_600), ...hit], [webp, ["etag", '"a"c"'], ...miss], "fresh"],
  ["tags that differ only after 300 characters", [webp, ["etag", `"${"x".repeat(300)}1"`], age(3_600), ...hit], (s) => [webp, ["etag", `"${"x".repeat(300)}2"`], age(3_600 + s), ...hit], "unreadable: nothing-to-compare"],
  ["a tag that is empty", [webp, ["etag", '""'], age(3_600), ...hit], [webp, ["etag", 'W/""'], ...miss], "renewed: no-fingerprint"],

  // Last-Modified
  ["the same date, as RFC 850 writes it", [webp, ...modified(morning), age(3_600)], [webp, ...modified("Monday, 23-Nov-26 10:00:00 GMT"), age(2)], "unchanged"],
  ["the same date, as asctime writes it", [webp, ...modified(morning), age(3_600)], [webp, ...modified("Mon Nov 23 10:00:00 2026"), age(2)], "unchanged"],
  ["the same date, with another zone", [webp, ...modified(morning), age(3_600)], [webp, ...modified("Mon, 23 Nov 2026 11:00:00 +0100"), age(2)], "unchanged"],
  ["a later date", [webp, ...modified(morning), age(3_600)], [webp, ...modified(uploaded), age(2)], "fresh"],
  ["a date that is none", [webp, ...modified(morning), age(3_600)], [webp, ...modified("yesterday"), age(2)], "renewed: no-fingerprint"],
  ["a date sent twice", [webp, ...modified(morning), age(3_600)], [webp, ...modified(morning), ["last-modified", morning], age(2)], "renewed: no-fingerprint"],
  ["the date of each new copy", [webp, ...modified(dateAt(-3_600)), age(3_600), ...hit], (s) => [webp, ...modified(dateAt(s)), ...miss], "renewed: no-fingerprint"],
  ["the date of each copy, in hits without Age", [webp, ...modified(morning), ["date", morning], ...hit], [webp, ...modified(dateAt(62)), ["date", dateAt(62)], ...hit], "unreadable: age-unknown"],
  ["a length sent twice", [webp, ...modified(morning), age(3_600)], [webp, ...modified(morning), ["content-length", "900"], age(2)], "renewed: no-fingerprint"],
  ["the length of compressed text", [svg, ...modified(morning), age(3_600)], [svg, ...modified(morning, 300), ["content-encoding", "gzip"], age(2)], "renewed: no-fingerprint"],
  ["a range of an unknown length", [webp, ...modified(morning), age(3_600)], { status: 206, lines: [webp, ...modified(morning, 1), ["content-range", "bytes 0-0/*"], age(2)] }, "renewed: no-fingerprint"],

  // What caches say
  ["CloudFront asked ImageKit whether its copy is still right", hourOld, [webp, v1, ["x-cache", "RefreshHit from cloudfront"], pop], "unreadable: age-unknown"],
  ["a miss of a server whose name says hit", hourOld, [webp, v1, ["x-cache", "Miss from cache.whitehat.example"], pop], "unchanged"],
  ["Akamai's hit without Age", hourOld, [webp, v1, ["x-cache", "TCP_MEM_HIT from a23-1-2-3.example (AkamaiGHost/11.4)"]], "unreadable: age-unknown"],
  ["Fastly's two caches, both without a copy", hourOld, [webp, v1, ["x-cache", "MISS, MISS"], age(0)], "unchanged"],
  ["Netlify's hit without Age", hourOld, [webp, v1, ["cache-status", '"Netlify Edge"; hit']], "unreadable: age-unknown"],
  ["Netlify's miss", hourOld, [webp, v1, ["cache-status", '"White Edge hit"; fwd=miss']], "unchanged"],
  ["Bunny's hit without Age", hourOld, [webp, v1, ["cdn-cache", "HIT"]], "unreadable: age-unknown"],
  ["Vercel's stale copy without Age", hourOld, [webp, v1, ["x-vercel-cache", "STALE"]], "unreadable: age-unknown"],

  // Cloudflare in front
  ["Cloudflare's old copy, made when CloudFront had none", [webp, v1, age(3_600), ...cloudflare("HIT"), ...miss], (s) => [webp, v1, age(3_600 + s), ...cloudflare("HIT"), ...miss], "stale"],
  ["Cloudflare's hit without Age", [webp, v1, age(3_600), ...cloudflare("HIT")], [webp, v1, ...cloudflare("HIT")], "unreadable: age-unknown"],
  ["Cloudflare's copy that was found right", [webp, v1, age(3_600), ...cloudflare("HIT")], [webp, v1, ...cloudflare("REVALIDATED")], "unreadable: age-unknown"],
  ["Cloudflare's copy while it fetches another", [webp, v1, age(3_600), ...cloudflare("HIT")], [webp, v1, ...cloudflare("UPDATING")], "unreadable: age-unknown"],
  ["Cloudflare's new copy after its own ran out", [webp, v1, age(3_600), ...cloudflare("HIT")], [webp, v1, ...cloudflare("EXPIRED")], "unchanged"],
  ["Cloudflare's misses, before and after", [webp, v1, ...cloudflare("MISS")], [webp, v1, ...cloudflare("MISS")], "renewed: renewed-before"],
  ["another image from Cloudflare's same location", [webp, v1, age(3_600), ...cloudflare("HIT")], [webp, v2, ...cloudflare("HIT")], "fresh"],
  ["another image from Cloudflare's other location", [webp, v1, age(3_600), ...cloudflare("HIT")], [webp, v2, ...cloudflare("HIT", "AMS")], "unreadable: perhaps-older"],
  ["another image from Cloudflare's other location, with the name of CloudFront's same one", [webp, v1, age(3_600), ...cloudflare("HIT"), pop], [webp, v2, ...cloudflare("HIT", "AMS"), pop], "unreadable: perhaps-older"],

  // An Age that is no time
  ["the same Age of half a minute each time", [webp, v1, age(30)], [webp, v1, age(30)], "unreadable: age-unproven"],
  ["the same Age of half a minute each time, and nothing before", { status: 404, lines: [] }, [webp, v1, age(30)], "unreadable: nothing-to-compare"],
  ["not found, with the same Age of half a minute each time", [webp, v1, age(30)], { status: 404, lines: [age(30)] }, "unreadable: cached-not-found"],
  ["an Age that is the same as before once", [webp, v1, age(1), ...hit], (s) => [webp, v1, age(s - 64), ...hit], "renewed: renewed-before"],

  // Types and statuses
  ["a new list of a video's parts (HLS)", [hls, v1, age(3_600), ...hit], [hls, v2, ...miss], "fresh"],
  ["the old list of a video's parts (DASH)", [dash, v1, age(3_600), ...hit], (s) => [dash, v1, age(3_600 + s), ...hit], "stale"],
  ["a type sent twice", hourOld, [webp, webp, v2, ...miss], "fresh"],
  ["304, which was not asked for", hourOld, { status: 304, lines: [v1] }, "unreadable: unexpected-status"],
  ["300, which leads to several", hourOld, { status: 300, lines: [webp] }, "unreadable: unexpected-status"],
  ["307 to a private address", hourOld, { status: 307, lines: [["location", "http://10.0.0.1/a.jpg"]] }, "unreadable: redirected"],
];

test.each(rows.map(([name, before, after, is]) => ({ name, before, after, is })))(
  "$name is $is",
  ({ before, after, is }) => {
    expect(outcomeOf(before, typeof after === "function" ? after : () => after)).toBe(is);
  },
);
