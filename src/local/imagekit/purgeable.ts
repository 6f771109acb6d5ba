/**
 * Whether ImageKit would take this as a URL to purge. Its own reading of the documentation, shared with
 * nobody, and lenient where that is silent: what is refused here is refused in so many words there.
 */
export function isPurgeable(url: string): boolean {
  if (!/^https?:\/\/[^/\s\\@]+\/\S*$/i.test(url) || !URL.canParse(url)) return false;
  const star = url.indexOf("*");
  return star === -1 || (star === url.length - 1 && isWildcard(url.slice(0, -1)));
}

/** `before` is the URL up to its `*`. Below the host and, at ik.imagekit.io, the account's id. */
function isWildcard(before: string): boolean {
  const [, host = "", rest = ""] = /^https?:\/\/([^/]+)\/(.*)$/i.exec(before) ?? [];
  const path = host.toLowerCase() === "ik.imagekit.io" ? rest.replace(/^[^/]*\/?/, "") : rest;
  if (path === "media/catalog/" || path === "s/files/") return false;

  const levels = path.split("/").filter((level) => level !== "");
  const isFile = /[^/]\.[a-z0-9]+$/i.test(path.split("?")[0] ?? "");
  return levels.length >= 2 || `/${path}`.length >= 15 || isFile;
}
