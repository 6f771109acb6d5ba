const dotSegment = /\/(?:\.|%2e){1,2}(?=\/|$)/iu;
const pathTransformation = /\/tr(?::|%3a)[^/]*/giu;

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

/** How many segments of the path are path transformations (`/tr:w-300/`). */
export function countPathTransformations(path: string): number {
  return path.match(pathTransformation)?.length ?? 0;
}

export function withoutPathTransformations(path: string): string {
  return path.replace(pathTransformation, "");
}

/** The segments that are not empty: `/images/` has one. */
export function levels(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}
