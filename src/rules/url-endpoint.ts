/** A prefix from which the account serves: host in lower case (with port, if any), path without a final slash. */
export type UrlEndpoint = { readonly host: string; readonly path: string };
