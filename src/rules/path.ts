import { rangesOf } from "./transformation-tracker.ts";

const dotSegment = /\/(?:\.|%2e){1,2}(?=\/|$)/iu;
/** What ImageKit appends to a video's path for a picture of it or another format. */
const suffix = /\/(?:ik-thumbnail\.jpg|ik-video\.mp4|ik-master\.(?:m3u8|mpd))$/iu;

/** Whether a segment of the path is `.` or `..`, with plain dots or dots percent-encoded once. */
export function hasDotSegment(path: string): boolean {
  return dotSegment.test(path);
}

/** The path that a browser would request: `.` and `..` are resolved as in the URL standard. */
export function resolveDotSegments(path: string): string {
  if (!hasDotSegment(path)) return path;
  const segments = path.split("/").slice(1);
  const resolved: string[] = [];
  segments.forEach((segment, index) => {
    const dots = segment.replace(/%2e/giu, ".");
    if (dots !== "." && dots !== "..") {
      resolved.push(segment);
      return;
    }
    if (dots === "..") resolved.pop();
    if (index === segments.length - 1) resolved.push("");
  });
  return `/${resolved.join("/")}`;
}

/**
 * The path as the most eager program would read it: ASCII escapes decoded, even if encoded several times, a backslash
 * read as a slash, and several slashes as one. Shows whether programs would differ; it is never sent.
 */
export function eagerReading(path: string): string {
  let decoded = path;
  for (let pass = 0; pass < 4 && decoded.includes("%"); pass += 1) {
    decoded = decoded.replace(/%(?:25)*([0-7][0-9a-f])/giu, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
  return decoded.replace(/[/\\]+/gu, "/");
}

export type PathParts = {
  /** The path without its transformations (`/tr:w-300/`), which may contain slashes. */
  readonly plain: string;
  /** The transformations in order, and a suffix such as `ik-thumbnail.jpg`: what ImageKit makes of the file. */
  readonly transformations: readonly string[];
};

/** The parts of a path; `ranges` are its transformations. */
export function partsOfPath(path: string, ranges = rangesOf("transformations", path)): PathParts {
  const [end = ""] = path.includes("/ik-") ? (suffix.exec(path) ?? []) : [];
  const transformations: string[] = [];
  let plain = "";
  let done = 0;
  for (const range of ranges) {
    const segment = path.lastIndexOf("/", range.start - 1);
    plain += path.slice(done, segment);
    transformations.push(path.slice(segment + 1, range.end));
    done = range.end;
  }
  plain += path.slice(done);
  if (end === "") return { plain, transformations };
  return { plain: plain.slice(0, -end.length), transformations: [...transformations, end.slice(1)] };
}

/** The segments that are not empty: `/images/` has one. */
export function levels(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Whether the path, which may end in a wildcard's `*`, ends in a file with an extension. */
export function endsInFile(plain: string): boolean {
  return /[^/]\.[a-z0-9]+\*?$/iu.test(plain);
}
