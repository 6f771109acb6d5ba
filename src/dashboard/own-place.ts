import { type Desk, linkTo } from "./desk.ts";

/** Stands for our own host, whose name does not matter: what names another one is refused before. */
const here = "http://here.invalid";

/**
 * A place to go to that somebody else named: a page of ours below the base path, or else `otherwise`. It is resolved
 * first as a browser would, dots and backslashes included; what comes of that is judged, and given.
 */
export function ownPlace(
  desk: Pick<Desk, "basePath">,
  place = "",
  otherwise: string = linkTo(desk, "/"),
): string {
  // Our own links begin with one slash and hold neither control characters nor spaces, which a browser would drop.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(place)) return otherwise;
  const { pathname, search, hash } = new URL(place, here);
  if (!`${pathname}/`.startsWith(`${desk.basePath}/`)) return otherwise;
  const page = pathname.slice(desk.basePath.length);
  // No page of ours has `//` or an escape in its path: what would one stand for, to whoever decodes it once more?
  if (/\/\/|%/.test(page) || page.startsWith("/sign-")) return otherwise;
  return pathname + search + hash;
}

/** The same place with these in its query. As text: parsed as a URL, `/.//elsewhere` would become another host. */
export function withQuery(place: string, fields: Readonly<Record<string, string>>): string {
  const [, path = "", query = "", fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(place) ?? [];
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) parameters.set(name, value);
  return `${path}?${parameters}${fragment}`;
}
