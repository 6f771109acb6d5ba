export type PageReading =
  | { readonly outcome: "page"; readonly page: Document }
  | { readonly outcome: "session-ended" }
  /** Whoever is signed in does not get this page any more. */
  | { readonly outcome: "gone" }
  /** It may go better later. */
  | { readonly outcome: "trouble"; readonly words: string; readonly retryInMs: number };

const timeoutMs = 15_000;

/** Asks for one of our pages as the browser would, and says what became of it. Never throws. */
export async function fetchPage(url: URL): Promise<PageReading> {
  try {
    const response = await fetch(url, {
      headers: { Accept: "text/html" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.redirected && new URL(response.url).pathname.endsWith("/sign-in")) {
      return { outcome: "session-ended" };
    }
    if (response.status === 429) return trouble("Too much was asked for with this token.", response);
    if (response.status >= 500) return trouble("Purge Desk has trouble just now.", response);
    if (!response.ok) return { outcome: "gone" };
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { outcome: "page", page };
  } catch {
    return trouble("Purge Desk cannot be reached.");
  }
}

function trouble(words: string, response?: Response): PageReading {
  const seconds = Number(response?.headers.get("Retry-After") ?? 0);
  return { outcome: "trouble", words, retryInMs: Number.isFinite(seconds) ? seconds * 1_000 : 0 };
}
