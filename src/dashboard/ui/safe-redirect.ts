import { type DashboardContext, linkTo } from "./context.ts";

/** A redirect target from a request, if it is one of our pages below the base path; `otherwise` if not. */
export function safeRedirect(
  dashboard: Pick<DashboardContext, "basePath">,
  place = "",
  otherwise: string = linkTo(dashboard, "/"),
): string {
  const isPlain = /^\/(?![/\\])[\x21-\x7e]*$/.test(place);
  const isOurs =
    `${place}/`.startsWith(`${dashboard.basePath}/`) && !place.startsWith(linkTo(dashboard, "/sign-"));
  return isPlain && isOurs ? place : otherwise;
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
