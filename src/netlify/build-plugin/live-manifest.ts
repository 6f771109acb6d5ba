import { type ImageManifest, manifestFile, parseManifest } from "./image-manifest.ts";

/** What is published at the site's address now. */
export type LiveManifest =
  | { readonly found: "manifest"; readonly manifest: ImageManifest; readonly text: string }
  /** No deploy with a manifest is live. */
  | { readonly found: "none" }
  /** A page: the site has no such file and answers every address, as single-page apps do, or it never serves the file. */
  | { readonly found: "page"; readonly url: string }
  | { readonly found: "unreadable"; readonly why: string };

export type Reading = {
  readonly fetch: typeof globalThis.fetch;
  readonly pause: (ms: number) => Promise<void>;
};

const timeoutMs = 10_000;
const tries = 3;
const pauseMs = 2_000;

/** Reads the manifest of the deploy that is live, up to three times if the site does not answer. Never throws. */
export async function readLiveManifest(siteUrl: string, { fetch, pause }: Reading): Promise<LiveManifest> {
  const url = `${siteUrl.replace(/\/$/, "")}/${manifestFile}`;
  for (let attempt = 1; ; attempt += 1) {
    const reading = await readOnce(url, fetch);
    if (reading !== "away" || attempt === tries) {
      return reading === "away" ? { found: "unreadable", why: `${url} does not answer` } : reading;
    }
    await pause(pauseMs);
  }
}

async function readOnce(url: string, fetch: Reading["fetch"]): Promise<LiveManifest | "away"> {
  try {
    const answer = await fetch(url, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status, headers } = answer;
    const text = await answer.text();
    if (status === 404 || status === 410) return { found: "none" };
    if (status >= 500 || status === 429) return "away";
    if (status === 200 && headers.get("Content-Type")?.startsWith("text/html")) return { found: "page", url };
    if (status !== 200) return { found: "unreadable", why: `${url} answers ${status}` };
    const manifest = parseManifest(text);
    if (manifest === undefined) return { found: "unreadable", why: `${url} is no manifest of images` };
    return { found: "manifest", manifest, text };
  } catch {
    return "away";
  }
}
