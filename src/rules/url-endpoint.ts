/** A prefix from which the account serves: host in lower case (with port, if any), path without a final slash. */
export type UrlEndpoint = { readonly host: string; readonly path: string };

/** Stand-in until the rules are merged. */
export function parseUrlEndpoint(text: string): UrlEndpoint | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  return { host: url.host, path: url.pathname.replace(/\/+$/, "") };
}
