import { PurgeDeskError } from "./purge-desk-error.ts";

/** Where Purge Desk is, and who asks. */
export type Connection = {
  /** Without a final slash. */
  readonly url: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  /** No try begins later than this after the first; where Purge Desk may hold its answer, than that time more. */
  readonly retryForMs: number;
};

export type PurgeDeskOptions = {
  /** Where Purge Desk is, base path included. Default: PURGE_DESK_URL. */
  readonly url?: string | undefined;
  /** `pd_…`. Default: PURGE_DESK_TOKEN. */
  readonly token?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** For how long a request is tried again when no usable answer comes, in milliseconds; 0: never. Default: 30,000. */
  readonly retryForMs?: number | undefined;
};

/** Checks the options. Throws PurgeDeskError `not-configured`. */
export function readOptions(options: PurgeDeskOptions): Connection {
  const url = (options.url ?? setting("PURGE_DESK_URL") ?? "").replace(/\/$/, "");
  const token = options.token ?? setting("PURGE_DESK_TOKEN") ?? "";
  if (!/^https?:\/\/[^?#@]+$/.test(url) || !URL.canParse(url)) {
    throw new PurgeDeskError(
      "not-configured",
      "PURGE_DESK_URL (or url) must be where Purge Desk is, such as https://purge.shop.example",
    );
  }
  // A header can hold nothing else, and the platform's own error would quote the token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new PurgeDeskError("not-configured", "PURGE_DESK_TOKEN (or token) must be a token, pd_…");
  }
  return {
    url,
    token,
    fetch: options.fetch ?? ((...request) => fetch(...request)),
    retryForMs: options.retryForMs ?? 30_000,
  };
}

/** From the environment of Node, of Deno 2, which has the same `process`, or of Netlify; elsewhere there is none. */
function setting(name: string): string | undefined {
  try {
    const ofNode: Readonly<Record<string, string | undefined>> | undefined = globalOf("process")?.env;
    return (ofNode?.[name] ?? globalOf("Netlify")?.env?.get(name)) || undefined;
  } catch {
    // Deno may forbid it.
    return undefined;
  }
}

function globalOf(name: string) {
  return Reflect.get(globalThis, name);
}
