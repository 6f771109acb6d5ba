/** Where a site has Purge Desk. */
export type MountOptions = {
  /** The path below which all of it is, such as `/_purge`. Default: `/`, for a site of its own. */
  readonly basePath?: string | undefined;
};

/** Segments that need no encoding, so that links, cookies and Netlify's patterns all spell them alike. */
const pattern = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;
const longestBasePath = 100;

/**
 * The base path without a final slash; empty on a site of its own. Throws a TypeError that says what would pass: a function
 * with a wrong base path could only answer 404.
 */
export function readBasePath({ basePath = "/" }: MountOptions): string {
  if (typeof basePath === "string") {
    const path = basePath.replace(/\/$/, "");
    if (path === "" || (path.length <= longestBasePath && pattern.test(path))) return path;
  }
  throw new TypeError(
    `basePath must be a path such as "/_purge", of letters, digits and ".", "_", "~", "-", with at most ` +
      `${longestBasePath} characters; it is ${String(JSON.stringify(basePath)).slice(0, longestBasePath)}`,
  );
}
