import { type DashboardContext, linkTo } from "./context.ts";

/** Stands for our own host, whose name does not matter: a place that names a host is refused first. */
const here = "http://here.invalid";

/**
 * A redirect target from a request, if it is one of our pages below the base path; `otherwise` if not. It is resolved
 * first as a browser would, dots and backslashes included; the result is what is judged and returned.
 */
export function safeRedirect(
  dashboard: Pick<DashboardContext, "basePath">,
  place = "",
  otherwise: string = linkTo(dashboard, "/"),
): string {
  // Our own links begin with one slash and hold neither control characters nor spaces, which a browser would drop.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(place)) return otherwise;
  const { pathname, search, hash } = new URL(place, here);
  if (!`${pathname}/`.startsWith(`${dashboard.basePath}/`)) return otherwise;
  const page = pathname.slice(dashboard.basePath.length);
  // No page of ours has `//`, an escape or dots in its path: another reader might resolve them differently. Node 20 and 22
  // leave `/..` behind a segment such as `.b` as it is; browsers do not.
  if (/\/\/|%|\/\.{1,2}(?:\/|$)/.test(page) || page.startsWith("/sign-")) return otherwise;
  return pathname + search + hash;
}

/**
 * Adds fields to the query of a path. Works on the text, because parsed as a URL `/.//elsewhere` becomes another host.
 */
export function withQuery(place: string, fields: Readonly<Record<string, string>>): string {
  const [, path = "", query = "", fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(place) ?? [];
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) parameters.set(name, value);
  return `${path}?${parameters}${fragment}`;
}
