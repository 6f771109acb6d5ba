import type { EpochMs } from "../domain/time.ts";

/** A header of an answer: undefined if it is absent or empty. */
export type HeaderValue = (name: string) => string | undefined;

/** A header that is this long may be cut, so an entity tag in it is none: another may differ only further on. */
const longestTag = 200;
/** A `Last-Modified` this close to when the copy was made, or after it, tells of the copy and not of the image. */
const ofTheCopyMs = 5_000;

/**
 * What names the content that an answer shows, after a word for its kind: its `ETag`, else `Last-Modified` with the length.
 * Undefined if neither does: a wrong name would make an old image a new one.
 */
export function fingerprintOf(
  value: HeaderValue,
  { status, madeAt }: { readonly status: number; readonly madeAt: EpochMs | undefined },
): string | undefined {
  const tag = tagOf(value("etag"));
  return tag === undefined ? modificationOf(value, status, madeAt) : `etag ${tag}`;
}

/**
 * A tag without its weak mark and quotes. A cache may be weak about a tag (`W/`) that its origin was strong about, and servers
 * that compress put the encoding behind it (`"v1-gzip"`); the content is the same. Two different tags name nothing.
 */
function tagOf(header = ""): string | undefined {
  const inner = header.replace(/^W\//i, "").replace(/^"(.*)"$/, "$1");
  const [tag = "", ...others] = new Set(inner.split(/"?, +(?:W\/)?"?/i));
  const plain = tag.replace(/(?:--?|[;:])(?:gzip|br|deflate|zstd)$/, "");
  const isWhole = header.length < longestTag && !inner.startsWith('"');
  return isWhole && others.length === 0 && plain !== "" ? plain : undefined;
}

/**
 * `Last-Modified` in one form, with the length of the image. Some servers state the time at which they made the answer, and
 * the length of compressed text is not the image's: neither is a name.
 */
function modificationOf(value: HeaderValue, status: number, madeAt: EpochMs | undefined): string | undefined {
  const modifiedAt = timeOf(value("last-modified"));
  const answeredAt = Math.min(
    madeAt ?? Number.POSITIVE_INFINITY,
    timeOf(value("date")) ?? Number.POSITIVE_INFINITY,
  );
  const length =
    status === 206 ? /\/(\d+)$/.exec(value("content-range") ?? "")?.[1] : value("content-length");
  const isEncoded = (value("content-encoding") ?? "identity") !== "identity";
  if (modifiedAt === undefined || modifiedAt > answeredAt - ofTheCopyMs) return undefined;
  if (length === undefined || !/^\d+$/.test(length) || isEncoded) return undefined;
  return `last-modified ${new Date(modifiedAt).toUTCString()}, ${length} bytes`;
}

/** A date in any form that HTTP has had. Without a zone, as `asctime` writes it, it is in UTC. */
function timeOf(date: string | undefined): EpochMs | undefined {
  if (date === undefined) return undefined;
  const hasZone = /(?:GMT|UTC|Z|[+-]\d{2}:?\d{2})$/i.test(date);
  const time = Date.parse(hasZone ? date : `${date} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
