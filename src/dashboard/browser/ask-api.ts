/** What the API said; or, in a sentence, why nothing is known of it. */
export type ApiReply<T> =
  | { readonly kind: "answered"; readonly body: T }
  /** The API says no, and that nothing was done. */
  | { readonly kind: "declined"; readonly why: string }
  /** It may or may not have been done. */
  | { readonly kind: "lost"; readonly why: string };

type Asking = {
  readonly basePath: string;
  readonly json?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Asks the API as whoever is signed in. Throws only when `signal` aborts. */
export async function askApi<T>(
  path: string,
  { basePath, json, signal, headers = {} }: Asking,
): Promise<ApiReply<T>> {
  try {
    const answer = await fetch(`${basePath}/api${path}`, {
      ...(json !== undefined && {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(json),
      }),
      ...(signal !== undefined && { signal }),
    });
    const body = await answer.json();
    if (answer.ok) return { kind: "answered", body };
    if (answer.status === 401) {
      return {
        kind: "declined",
        why: "Your session is over. Sign in again in another tab, then go on here.",
      };
    }
    const said = typeof body.detail === "string" ? body.detail : `The server answered ${answer.status}.`;
    return { kind: answer.status >= 500 ? "lost" : "declined", why: said };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { kind: "lost", why: "The server could not be reached." };
  }
}
