/** What the API said; or, in a sentence, why nothing is known of it. */
export type ApiReply<T> = { readonly kind: "answered"; readonly body: T } | NotAnswered;

export type NotAnswered = {
  readonly kind: "not-answered";
  readonly why: string;
  readonly isSignedOut: boolean;
};

type Asking = {
  readonly basePath: string;
  readonly json?: unknown;
  readonly signal: AbortSignal;
};

/** Asks the API as whoever is signed in. Throws only when `signal` aborts. */
export async function callApi<T>(path: string, { basePath, json, signal }: Asking): Promise<ApiReply<T>> {
  try {
    const answer = await fetch(`${basePath}/api${path}`, {
      signal,
      ...(json !== undefined && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(json),
      }),
    });
    const body = await answer.json();
    if (answer.ok) return { kind: "answered", body };
    const isSignedOut = answer.status === 401;
    return { kind: "not-answered", why: isSignedOut ? "Your session is over." : body.detail, isSignedOut };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: "not-answered", why: "The server could not be reached.", isSignedOut: false };
  }
}
