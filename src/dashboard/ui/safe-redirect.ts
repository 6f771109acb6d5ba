import { type DashboardContext, linkTo } from "./context.ts";

/** A place to go to that somebody else named: a page of ours below the base path, or else `otherwise`. */
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

/** The same place with these in its query. As text: parsed as a URL, `/.//elsewhere` would become another host. */
export function withQuery(place: string, fields: Readonly<Record<string, string>>): string {
  const [, path = "", query = "", fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(place) ?? [];
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) parameters.set(name, value);
  return `${path}?${parameters}${fragment}`;
}
