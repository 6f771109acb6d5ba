import { type Desk, linkTo } from "./context.ts";

/** A place to go to that somebody else named: a page of ours below the base path, or else `otherwise`. */
export function ownPlace(
  desk: Pick<Desk, "basePath">,
  place = "",
  otherwise: string = linkTo(desk, "/"),
): string {
  const isPlain = /^\/(?![/\\])[\x21-\x7e]*$/.test(place);
  const isOurs = `${place}/`.startsWith(`${desk.basePath}/`) && !place.startsWith(linkTo(desk, "/sign-"));
  return isPlain && isOurs ? place : otherwise;
}

/** The same place with these in its query. As text: parsed as a URL, `/.//elsewhere` would become another host. */
export function withQuery(place: string, fields: Readonly<Record<string, string>>): string {
  const [, path = "", query = "", fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(place) ?? [];
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) parameters.set(name, value);
  return `${path}?${parameters}${fragment}`;
}
