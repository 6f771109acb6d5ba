import type { Rejection } from "../domain/verdict.ts";
import { quote } from "./quote.ts";

/** The parts of a URL exactly as written: `path`, `query` (with `?`) and `fragment` (with `#`) may be empty. */
export type UrlParts = {
  readonly scheme: string;
  readonly credentials: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
};

/**
 * Splits a URL as RFC 3986 does and changes nothing. A backslash ends the host, as it does in browsers; the caller
 * decides whether a backslash is allowed at all.
 */
export function splitUrl(text: string): { readonly parts: UrlParts } | { readonly rejection: Rejection } {
  const [, scheme, slashes = "", rest = ""] = /^([a-z][a-z0-9+.-]*):([/\\]*)(.*)/isu.exec(text) ?? [];
  if (scheme === undefined || (slashes === "" && looksLikeHost(scheme))) {
    return {
      rejection: {
        code: "not-a-url",
        message: "Write the whole URL, beginning with https:// or http://.",
        why: `The line begins with ${quote(text)}.`,
        repairs: [[`https://${text.replace(/^(?:h?t{1,2}ps?[\s:;.]{0,3})?[/\\]+/iu, "")}`]],
      },
    };
  }
  if (slashes !== "//") {
    return isWebScheme(scheme)
      ? {
          rejection: {
            code: "not-a-url",
            message: `Write exactly two slashes after "${scheme.toLowerCase()}:".`,
            repairs: [[`${scheme}://${slashes.includes("\\") ? rest.replaceAll("\\", "/") : rest}`]],
          },
        }
      : { rejection: unsupportedScheme(scheme) };
  }
  const [, authority = "", path = "", query = "", fragment = ""] =
    /^([^/?#\\]*)((?:[/\\][^?#]*)?)(\?[^#]*)?(#.*)?/su.exec(rest) ?? [];
  const at = authority.lastIndexOf("@");
  return {
    parts: {
      scheme,
      credentials: authority.slice(0, at + 1),
      authority: authority.slice(at + 1),
      path,
      query,
      fragment,
    },
  };
}

export function isWebScheme(scheme: string): boolean {
  return /^https?$/iu.test(scheme);
}

export function unsupportedScheme(scheme: string): Rejection {
  return {
    code: "unsupported-scheme",
    message: `Write https:// instead of ${quote(`${scheme}:`)}: ImageKit serves https:// and http:// URLs only.`,
  };
}

/** `ik.imagekit.io:443/demo` and `localhost:8888/demo` are hosts without a scheme. */
function looksLikeHost(scheme: string): boolean {
  return scheme.includes(".") || scheme.toLowerCase() === "localhost";
}
