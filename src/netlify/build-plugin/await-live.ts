import type { ImageManifest } from "./image-manifest.ts";
import { type LiveManifest, type Reading, readLiveManifest } from "./live-manifest.ts";

/** What the site shows after a deploy. */
export type Publication =
  /** This deploy. `replaced` was live in between: its images may be in ImageKit's cache too. */
  | { readonly state: "live"; readonly replaced: readonly Manifest[] }
  /** Still the deploy that this one was compared with. */
  | { readonly state: "not-yet" }
  /** Another deploy, newer or rolled back to, so the comparison is void. */
  | { readonly state: "other"; readonly why: string }
  | { readonly state: "unreadable"; readonly why: string };

type Manifest = { readonly manifest: ImageManifest; readonly text: string };

/** A deploy is live before `onSuccess`; the CDN may take a moment to show it everywhere. */
const tries = 10;
const pauseMs = 2_000;

/**
 * Waits, 20 seconds at most, until this deploy's manifest is the live one. Without `hasChanges` it does not wait while what
 * was compared with is still live: the comparison holds, and nothing is to do.
 */
export async function awaitLive(
  { siteUrl, compared, own }: { readonly siteUrl: string; readonly compared: string; readonly own: string },
  reading: Reading,
  { hasChanges }: { readonly hasChanges: boolean },
): Promise<Publication> {
  const replaced = new Map<string, Manifest>();
  for (let attempt = 1; ; attempt += 1) {
    const live = await readLiveManifest(siteUrl, reading);
    if (live.found === "unreadable") return { state: "unreadable", why: live.why };
    if (live.found === "manifest" && live.text === own) {
      return { state: "live", replaced: [...replaced.values()] };
    }
    const isCompared = live.found === "manifest" && live.text === compared;
    const hasNothingToDo = !hasChanges && replaced.size === 0;
    if (isCompared && (attempt === tries || hasNothingToDo)) return { state: "not-yet" };
    if (attempt === tries) return { state: "other", why: whatIsLive(live) };
    if (live.found === "manifest" && !isCompared) replaced.set(live.text, live);
    await reading.pause(pauseMs);
  }
}

function whatIsLive(live: Exclude<LiveManifest, { found: "unreadable" }>): string {
  if (live.found === "page") return `${live.url} answers with a page instead of this deploy's manifest`;
  return "another deploy went live since this one was compared";
}
