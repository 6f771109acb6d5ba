import { type Warning, type WarningCode, warningOf } from "../domain/verdict.ts";
import type { CheckedUrl } from "./checked-url.ts";

/** Notes about what an accepted line does that its author may not expect. */
export function notesOn({
  kind,
  endpoint,
  path,
  query,
  plainPath,
  transformations,
}: CheckedUrl): readonly Warning[] {
  const notes: Warning[] = [];
  const note = (code: WarningCode, message: string) => notes.push(warningOf(code, message));
  if (endpoint.startsWith("http:")) {
    note(
      "http-scheme",
      "Whether purging http:// also clears https:// is undocumented; they count as two URLs.",
    );
  }
  if (/%(?![0-9a-f]{2})/iu.test(path + query)) {
    note(
      "stray-percent",
      "A % that does not begin a percent-encoding is sent unchanged; ImageKit may refuse it.",
    );
  }
  if (/%2a/iu.test(path + query)) {
    note(
      "encoded-asterisk",
      "%2A is treated as a character, not as a wildcard; what ImageKit does with it is undocumented.",
    );
  }
  if (kind === "wildcard") return notes;
  if (!plainPath.slice(plainPath.lastIndexOf("/")).includes(".")) {
    if (query === "") {
      note(
        "folder-without-wildcard",
        "Clears exactly this URL: if it is a folder, nothing in it is cleared.",
      );
    }
  } else if (query === "" && transformations.length === 0) {
    note(
      "exact-only",
      "Clears exactly this URL. To clear its versions and query transformations (?tr=…) too, end it with *; path " +
        "transformations (/tr:…/) need a purge of their own.",
    );
  }
  return notes;
}
