import { parseEnv } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readExport } from "../../src/command-line/ledger-copy/import-ledger.ts";
import { splitLines } from "../../src/command-line/read-text.ts";
import { shellWord } from "../../src/command-line/shell-word.ts";
import { readConfig } from "../../src/config.ts";
import { judgeLines } from "../../src/dashboard/browser/new-request/judge-lines.ts";
import { checkDraft, emptyDraft, namedIn } from "../../src/dashboard/pages/new-request/draft.ts";
import { fieldNames, profileOf, readDrafts } from "../../src/dashboard/pages/profiles/profile-draft.ts";
import { checkDrafts } from "../../src/dashboard/pages/profiles/save-drafts.ts";
import { readFilters } from "../../src/dashboard/pages/requests/request-filters.ts";
import { cutMiddle, shorten } from "../../src/dashboard/pages/requests/shorten.ts";
import { extractUrls } from "../../src/dashboard/shared/extract-urls.ts";
import { partsOf } from "../../src/dashboard/shared/url-parts.ts";
import { carriedRequest } from "../../src/dashboard/ui/carried-request.ts";
import { curlFor } from "../../src/dashboard/ui/curl.ts";
import { safeRedirect, withQuery } from "../../src/dashboard/ui/safe-redirect.ts";
import { systemClock } from "../../src/domain/time.ts";
import { interpretAnswer } from "../../src/edge/interpret-answer.ts";
import { keyIn } from "../../src/http/middleware/require-key.ts";
import { authenticate } from "../../src/http/middleware/require-scope.ts";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { decodeCursor } from "../../src/http/requests/cursor.ts";
import { loggedPath } from "../../src/http/requests/logged-path.ts";
import { preferredWait } from "../../src/http/requests/prefer.ts";
import { checkPurgeRequest, linesOf } from "../../src/http/requests/purge-request.ts";
import { correction, headerSchemas, listQuery, profileBody } from "../../src/http/requests/schemas.ts";
import { validate } from "../../src/http/requests/validate.ts";
import { interpretPoll, interpretSend } from "../../src/imagekit/interpret-answer.ts";
import { toMessage } from "../../src/imagekit/message.ts";
import { withoutCommand } from "../../src/ledger/redis-errors.ts";
import { isPurgeable } from "../../src/local/imagekit/purgeable.ts";
import { printable } from "../../src/local/printable.ts";
import { readableLine } from "../../src/local/readable-log.ts";
import { sampleRequest } from "../../src/local/sample-request.ts";
import { createJsonLog, errorFields } from "../../src/log.ts";
import { imagekitNameOf, staleImages } from "../../src/netlify/build-plugin/changed-images.ts";
import { parseManifest } from "../../src/netlify/build-plugin/image-manifest.ts";
import { readInputs } from "../../src/netlify/build-plugin/inputs.ts";
import { checkProfile, profilePrice } from "../../src/planning/check-profile.ts";
import { learnProfiles } from "../../src/planning/learn-profiles.ts";
import { planLines } from "../../src/planning/plan-lines.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import { canonicalText } from "../../src/rules/canonical.ts";
import { edgeUrlOf } from "../../src/rules/edge-url.ts";
import { findUrls } from "../../src/rules/find-urls.ts";
import { foreignUrls } from "../../src/rules/foreign-urls.ts";
import { quote } from "../../src/rules/quote.ts";
import { maskSignature } from "../../src/rules/signed-url.ts";
import { parseUrlEndpoint } from "../../src/rules/url-endpoint.ts";
import { visibleText } from "../../src/rules/visible-text.ts";
import { environmentOfTests } from "../support/app.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { anyPumped, everyPumped, pump } from "./hostile-text.ts";

/** A fifth of the shortest time that ImageKit is given: no text may make an answer of ImageKit count as late. */
const answeringMs = 1_000;
/** A browser does nothing else for whoever drops a file. */
const droppingMs = 5_000;
/** In as many characters as this, the square of the length takes the processor longer than `negligibleMs`. */
const tellingLength = 16 * 1024;
/** What is linear takes a tenth of this. */
const negligibleMs = 75;
/** Four times the text takes four times the time; sixteen times, where it grows with the square. */
const mostGrowth = 8;

/** Node takes no more in all headers together. */
const headers = 16 * 1024;
const imagekitBody = 64 * 1024;
/** Where a text has no bound of its own: a setting, a line of a log, what is typed into a form. */
const unbounded = 64 * 1024;
const file = 1_000_000;

const url = "https://ik.imagekit.io/demo/";
const preferences = ["wait=", "a, wait=", 'a="', "wait=1;", "wait=1;until=", 'wait=1;until="'];
const urlStarts = [url, `${url}tr:`, `${url}a.jpg?tr=`, "https://", "ik-s=", "?x%3fik-s%3d"];
const endpoints = [{ host: "ik.imagekit.io", path: "/demo" }];
const log = createJsonLog({ clock: systemClock, write: () => {}, secrets: ["private_s3cret"] });
const clean = (text: string) => toMessage(text, ["private_s3cret", "cHJpdmF0ZV9zM2NyZXQ6"]);
const desk = { basePath: "/_purge" };
const at = { folder: "/", imagekitPath: "/shop/" };

const profile = {
  name: "shop",
  paths: ["/a/"],
  endpoints: ["https://ik.imagekit.io/demo"],
  transformations: ["tr:w-{400,800}"],
};

type Entry = {
  readonly limit: number;
  /** Of the processor's time, at that limit. */
  readonly budgetMs?: number;
  readonly starts: readonly string[];
  readonly read: (text: string) => unknown;
};

/** Every header that is read, with this text: a runtime lets through only these characters. */
function edgeHeaders(text: string): Headers {
  const names = ["age", "content-range", "content-length", "content-type", "etag", "last-modified"];
  const value = text.replace(/[^ -~\xa0-\xff]/g, " ").trim();
  return new Headers([...names, "location", "x-amz-cf-pop", "x-cache"].map((name) => [name, value]));
}

function answerOf(text: string, status: number) {
  return { status, text, headers: new Headers(), end: "whole" } as const;
}

/** Every place where text from outside comes in, with the most characters that can get there. */
const entries: Readonly<Record<string, Entry>> = {
  Prefer: { limit: headers, starts: preferences, read: preferredWait },
  "Prefer, as long as it is read": { limit: 1_000, starts: preferences, read: preferredWait },
  Authorization: {
    limit: headers,
    starts: ["Bearer ", "Bearer pd_"],
    read: (text) => authenticate(text, []),
  },
  "a cursor": { limit: headers, starts: [], read: decodeCursor },
  "the query of a list": {
    limit: headers,
    starts: ["2026-01-01T00:00:00"],
    read: (text) => {
      const names = ["q", "state", "edge", "actor", "batch", "from", "to", "limit", "cursor", text];
      return validate(listQuery, Object.fromEntries(names.map((name) => [name, text])), "query");
    },
  },
  "a text to search for": { limit: 500, starts: [], read: canonicalText },
  "the dashboard's filters": {
    limit: headers,
    starts: [],
    read: (text) => {
      const names = ["q", "state", "actor", "month", "after", "until"];
      return readFilters(new URLSearchParams(Object.fromEntries(names.map((name) => [name, text]))), []);
    },
  },
  "a place to go to": {
    limit: maxBodyBytes,
    starts: ["/_purge/", "/_purge/?"],
    read: (text) => withQuery(safeRedirect(desk, text), { done: "cancelled" }) + withQuery(text, { a: "b" }),
  },
  "a body of URLs": {
    limit: maxBodyBytes,
    starts: urlStarts,
    read: (text) => planLines(linesOf(text).slice(0, 1_000), endpoints),
  },
  "a body of images": {
    limit: maxBodyBytes,
    starts: [...urlStarts, "/", "/a.jpg", "/tr:"],
    read: (text) => {
      const images = linesOf(text).slice(0, 1_000);
      return planRequest(
        { urls: [], images, cover: ["/a/"] },
        { endpoints, profiles: [profile], mayUseWildcards: true },
      );
    },
  },
  "a profile that is put": {
    limit: maxBodyBytes,
    starts: ["/", "tr:", "tr:w-{", url],
    read: (text) => {
      const put = { name: text, paths: [text], endpoints: [text], transformations: [text] };
      return [validate(profileBody, { ...put, [text]: 1 }, "body"), checkProfile(put, [profile], endpoints)];
    },
  },
  "the form of a profile": {
    limit: maxBodyBytes,
    starts: ["tr:", "tr:w-{", "tr:{1,1},"],
    read: (text) => {
      const { name, paths, endpoint, transformations, choice, chosen } = fieldNames(0);
      const fields = {
        [name]: text,
        [paths]: text,
        [`${endpoint}0`]: text,
        [transformations]: `${text}\n${text}{${text}}`,
      };
      const typed = new Map(Object.entries({ ...fields, [`${choice}0`]: `1 ${text}`, [`${chosen}0`]: text }));
      return readDrafts(typed).map((draft) => [
        profilePrice(profileOf(draft)),
        checkDrafts([draft], [profile], endpoints),
      ]);
    },
  },
  "a text that profiles are learned from": {
    limit: maxBodyBytes,
    budgetMs: droppingMs,
    starts: [...urlStarts, `${url}tr:`, `srcset="${url}`],
    read: (text) => learnProfiles(text, endpoints),
  },
  "Basic credentials": {
    limit: headers,
    starts: ["Basic ", "Basic cGRf"],
    read: (text) => keyIn(text),
  },
  "a path in the log": { limit: headers, starts: ["/api/", "/v1/files/purge/"], read: loggedPath },
  "an SDK's count of resends": {
    limit: headers,
    starts: ["1"],
    read: (text) => headerSchemas["X-Stainless-Retry-Count"].safeParse(text),
  },
  "a form that goes through the sign-in": {
    limit: maxBodyBytes,
    starts: urlStarts,
    read: (text) =>
      carriedRequest(new Map([...["urls", "reason", text].map((name) => [name, text] as const)])),
  },
  "what a page quotes": {
    limit: maxBodyBytes,
    starts: urlStarts,
    // Once: a body is no longer than this with all its fields together.
    read: (text) => [visibleText(text), curlFor(url, { urls: [text] })],
  },
  "a profile's version": {
    limit: headers,
    starts: ['"', 'W/"'],
    read: (text) => [
      headerSchemas["If-Match"].safeParse(text),
      headerSchemas["If-None-Match"].safeParse(text),
    ],
  },
  "a body's fields": {
    limit: maxBodyBytes,
    starts: ["2026-01-01T00:00:00"],
    read: (text) =>
      checkPurgeRequest(
        {
          urls: [text],
          images: [text],
          cover: [text],
          reason: text,
          changedAt: text,
          sendAfter: text,
          settleSeconds: text,
          onInvalid: text,
          [text]: 1,
        },
        systemClock,
      ),
  },
  "a form": {
    limit: maxBodyBytes,
    starts: urlStarts,
    read: (text) => {
      const typed = {
        ...emptyDraft("o_1"),
        urls: text,
        reason: text,
        isChangedBefore: true,
        changedAt: text,
      };
      return checkDraft(typed, namedIn(typed), systemClock);
    },
  },
  "a correction": {
    limit: maxBodyBytes,
    starts: urlStarts,
    read: (text) => validate(correction, { external: text, reason: text, [text]: text }, "body"),
  },
  "a URL endpoint": { limit: unbounded, starts: [url, "https://"], read: parseUrlEndpoint },
  "a text that is quoted": { limit: maxBodyBytes, starts: urlStarts, read: quote },
  "a text whose signatures are masked": { limit: maxBodyBytes, starts: urlStarts, read: maskSignature },
  "ImageKit's answer to a purge": {
    limit: imagekitBody,
    starts: ["No request found", "<"],
    read: (text) => [
      interpretSend(answerOf(text, 400), clean),
      interpretSend(answerOf(JSON.stringify({ message: text }), 400), clean),
      interpretSend(answerOf(JSON.stringify({ requestId: text }), 201), clean),
    ],
  },
  "ImageKit's answer about a purge": {
    limit: imagekitBody,
    starts: ["No request found", "<"],
    read: (text) => [
      interpretPoll(answerOf(text, 400), clean),
      interpretPoll(answerOf(JSON.stringify({ status: text }), 200), clean),
    ],
  },
  "the CDN's headers": {
    limit: headers,
    starts: ['W/"', "image/", "https://x.test/?ik-s=", "Hit", "bytes 0-0/"],
    read: (text) =>
      [200, 206, 302].map((status) => interpretAnswer({ status, headers: edgeHeaders(text) }, 0)),
  },
  "a target that may be checked": {
    limit: 4_096,
    starts: urlStarts,
    read: (text) => [
      edgeUrlOf({ url: text, kind: "exact" }),
      edgeUrlOf({ url: `${text}*`, kind: "wildcard" }),
    ],
  },
  "a line of the log": {
    limit: unbounded,
    starts: ["pd_", "private_", "ik-s="],
    read: (text) => log("event", { url: text }),
  },
  "an error in the log": {
    limit: unbounded,
    starts: ["ERR "],
    read: (text) => log("failed", errorFields(new Error(text))),
  },
  "an error of Redis": { limit: unbounded, starts: ["ERR ", "OOM ", "WRONGTYPE "], read: withoutCommand },
  "a line on a terminal": {
    limit: unbounded,
    starts: ["/", "a.jpg"],
    read: (text) => [
      readableLine(
        JSON.stringify({ at: "2026-11-15T12:00:00.000Z", event: text, actor: text, [text]: text }),
      ),
      shellWord(printable(text)),
      splitLines(text),
    ],
  },
  "a file to import": {
    limit: unbounded,
    starts: ['{"format":"purge-desk-ledger","version":1}\n'],
    read: (text) => {
      try {
        return readExport(text);
      } catch (error) {
        return error;
      }
    },
  },
  "a manifest that is live": {
    limit: unbounded,
    starts: ["/images/"],
    read: (text) => {
      const live = parseManifest(JSON.stringify({ version: 1, images: { [text]: text, "/a.jpg": text } }));
      const selection = { folder: "/", isImage: () => true };
      return live && staleImages([live], { images: {} }, selection).map((path) => imagekitNameOf(path, at));
    },
  },
  "the inputs of the build plugin": {
    limit: unbounded,
    starts: ["/", "https://"],
    read: (text) => readInputs({ folder: text, imagekitPath: text, extensions: [text], [text]: text }),
  },
  settings: {
    limit: unbounded,
    starts: ["https://", "https://api.imagekit.io/", "1.", "a:read:"],
    read: (text) =>
      readConfig(Object.fromEntries(Object.keys(environmentOfTests).map((name) => [name, text]))),
  },
  "the sample request": { limit: unbounded, starts: ["https://"], read: sampleRequest },
  "the file of settings": { limit: 64 * 1024, starts: ["a=", 'a="'], read: parseEnv },
  "a URL at the simulated ImageKit": { limit: 1024 * 1024, starts: urlStarts, read: isPurgeable },
  "a dropped file": {
    limit: file,
    budgetMs: droppingMs,
    starts: [...urlStarts, `x,${url}a?tr=`, `"${url}tr:`],
    read: (text) => extractUrls(text, endpoints),
  },
  "a text that URLs are looked for in": {
    limit: file,
    budgetMs: droppingMs,
    starts: [
      ...urlStarts,
      `"${url}tr:l-text,`,
      `'${url}(`,
      "https%3A%2F%2Fik.imagekit.io%2Fdemo%2F",
      "https:\\/\\/",
    ],
    read: (text) => foreignUrls(text, findUrls(text, endpoints)),
  },
  "what is typed into the form": {
    limit: unbounded,
    starts: urlStarts,
    read: (text) =>
      judgeLines(text, {
        context: { endpoints, profiles: [], mayUseWildcards: true },
        naming: "automatic",
        cover: [],
        known: { joins: new Map(), refused: new Map() },
        anyway: new Set(),
      }),
  },
  "a URL that is shown": {
    limit: maxBodyBytes,
    starts: urlStarts,
    read: (text) => [partsOf(text), cutMiddle(text, 60), shorten(text, 60)],
  },
};

describe.each(Object.entries(entries).map(([name, entry]) => ({ name, ...entry })))("$name", (entry) => {
  const { limit, starts, read, budgetMs = answeringMs } = entry;

  test(`${entry.name} takes time in proportion to its length, whatever is repeated in it`, () => {
    for (const pumped of everyPumped(starts)) {
      const costOf = (length: number) => cpuMs(read, pump(pumped, length));
      const best = (length: number) => Math.min(costOf(length), costOf(length), costOf(length));
      for (const length of lengthsUpTo(Math.min(2 * limit, tellingLength))) {
        const costMs = costOf(length);
        expect(costMs, JSON.stringify(pumped)).toBeLessThan(droppingMs);
        if (costMs < negligibleMs || best(length) < negligibleMs) continue;
        expect(best(length) / best(length / 4), JSON.stringify(pumped)).toBeLessThan(mostGrowth);
      }
    }
  });

  test(`${entry.name} takes little time at its longest, whatever is mixed in it`, () => {
    fc.assert(
      fc.property(anyPumped(starts), (pumped) => {
        for (const length of lengthsUpTo(limit)) {
          expect(cpuMs(read, pump(pumped, length))).toBeLessThan(budgetMs);
        }
      }),
      { ...propertyRuns({ all: 10, fast: 5 }), interruptAfterTimeLimit: 2_000, endOnFailure: true },
    );
  });
});

test.each(["(", "é", "%", "h", "%20", ")'", "{", "\\_", "&amp;", "/tr:l-image,i-a/", "?", "a,"])(
  "a long URL in a text takes time in proportion to its length, whatever is repeated in it: %j",
  (fragment) => {
    // Long enough for its square to be a minute: the beginning of a long text is copied in no time.
    const text = `${url}${fragment.repeat(400_000 / fragment.length)}`;
    expect(cpuMs((each) => findUrls(each, endpoints), text)).toBeLessThan(droppingMs);
  },
);

/** Beginning with few, so that what takes far too long is found before it would take for ever. */
function lengthsUpTo(most: number): readonly number[] {
  return [256, 64, 16, 4, 1].map((part) => Math.floor(most / part)).filter((length) => length > 250);
}

/** Of the processor, so that what else the machine does counts as little as possible. */
function cpuMs(read: Entry["read"], text: string): number {
  const before = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
