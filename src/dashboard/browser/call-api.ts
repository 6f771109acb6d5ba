/** The API's answer, or a sentence that says why there is none. */
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

/** Calls the API with the reader's session. Throws only when `signal` aborts. */
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
    return { kind: "not-answered", why: isSignedOut ? "Your session has ended." : body.detail, isSignedOut };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: "not-answered", why: "The server cannot be reached.", isSignedOut: false };
  }
}
