import { type Rejection, type Warning, type WarningCode, warningOf } from "../domain/verdict.ts";
import { readHost } from "./host.ts";
import { resolveDotSegments } from "./path.ts";
import { quote } from "./quote.ts";
import type { UrlParts } from "./split-url.ts";
import { isWebScheme, splitUrl, unsupportedScheme } from "./split-url.ts";

export type CanonicalUrl = {
  /** Exactly what is sent. */
  readonly url: string;
  /** Undefined if it is not a valid host. */
  readonly host: string | undefined;
  readonly path: string;
  readonly query: string;
  readonly rejections: readonly Rejection[];
  readonly warnings: readonly Warning[];
};

/**
 * The form that is sent: what a browser would request, without the fragment. The case and percent-encoding of path and
 * query stay exactly as written. The canonical form of a canonical form is itself.
 */
export function canonicalUrl(parts: UrlParts): CanonicalUrl {
  const rejections: Rejection[] = [];
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, message: string) => warnings.push(warningOf(code, message));

  if (!isWebScheme(parts.scheme)) {
    rejections.push({
      ...unsupportedScheme(parts.scheme),
      repairs: [[written({ ...parts, scheme: "https" })]],
    });
  } else if (parts.scheme !== parts.scheme.toLowerCase()) {
    warn("scheme-lowercased", "The scheme is sent in lower case.");
  }
  const scheme = parts.scheme.toLowerCase() === "http" ? "http" : "https";

  if (parts.credentials !== "") {
    rejections.push({
      code: "has-credentials",
      message: "Remove the user name and password before the host: a URL to purge has none.",
      repairs: [[written({ ...parts, credentials: "" })]],
    });
  }

  const reading = readHost(scheme, parts.authority);
  if ("problem" in reading) {
    rejections.push({
      code: "not-a-url",
      message: "Write the host as ImageKit shows it.",
      why: `Not a URL: ${reading.problem}, in ${quote(parts.authority.split(":")[0] ?? "")}.`,
    });
  } else {
    if (reading.nameChanged) warn("host-normalised", `The host is sent as ${quote(reading.host)}.`);
    if (reading.portChanged)
      warn("port-normalised", "The scheme's default port and a port's leading zeros are removed.");
  }

  if (parts.path.includes("\\")) {
    rejections.push({
      code: "not-a-url",
      message: "Write / or %5C instead of the backslash.",
      why: "Not a URL: some programs read a backslash as a slash.",
      repairs: [[written({ ...parts, path: parts.path.replace(/\\{1,9}$/u, "").replaceAll("\\", "/") })]],
    });
  }
  if (parts.path === "") warn("slash-added", "A slash is added after the host.");
  const path = resolveDotSegments(parts.path === "" ? "/" : parts.path);
  if (parts.path !== "" && path !== parts.path) {
    warn(
      "dot-segments-resolved",
      `The segments "." and ".." are resolved; the path is sent as ${quote(path)}.`,
    );
  }

  const encodedPath = canonicalPath(path);
  const encodedQuery = percentEncode(parts.query, /[ "'<>]+|\P{ASCII}+/gu);
  if (encodedPath !== path || encodedQuery !== parts.query) {
    warn("percent-encoded", "Spaces and some other characters are percent-encoded, as browsers do.");
  }
  if (parts.fragment !== "") {
    warn(
      "fragment-dropped",
      "The # and everything after it are removed: ImageKit never sees them. If the # is part of a name, write %23.",
    );
  }
  const host = "problem" in reading ? undefined : reading.host;
  return {
    url: `${scheme}://${host ?? ""}${encodedPath}${encodedQuery}`,
    host,
    path: encodedPath,
    query: encodedQuery,
    rejections,
    warnings,
  };
}

/** What is sent for a line that is a URL. */
export function canonicalLine(line: string): string | undefined {
  const split = splitUrl(line);
  return "parts" in split ? canonicalUrl(split.parts).url : undefined;
}

/** A path in the form it has in a canonical URL; `.` and `..` stay. */
export function canonicalPath(path: string): string {
  return percentEncode(path, /[ "<>`{}]+|\P{ASCII}+/gu);
}

/** Part of a URL, as a person writes it, in the form it has in a canonical URL. */
export function canonicalText(text: string): string {
  return percentEncode(text.replace(/\p{Cs}/gu, "\ufffd"), /[ "<>]+|\P{ASCII}+/gu);
}

function written(parts: UrlParts): string {
  const { scheme, credentials, authority, path, query, fragment } = parts;
  return `${scheme}://${credentials}${authority}${path}${query}${fragment}`;
}

function percentEncode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (characters) => encodeURIComponent(characters).replaceAll("'", "%27"));
}
