import type { Clock, EpochMs } from "../../../domain/time.ts";
import type { CompletedPurge } from "../account.ts";
import { type Copy, originalBehind, type SimulatedCdn, simulatedCdn } from "../simulated-cdn.ts";
import type { CdnFaults } from "./cdn-faults.ts";

/** The images of an account, and the CDN that serves them: one location of it. */
export type Edge = {
  /** Serves a URL, as `SimulatedCdn.get`. */
  readonly get: SimulatedCdn["get"];
  /** The copy in the cache that a visitor would be served, if there is one. */
  readonly look: SimulatedCdn["look"];
  /** When this version of an original was uploaded. */
  readonly uploadedAt: (copy: Copy) => EpochMs;
  /** Uploads a new version of the image that a URL shows, and gives its number. Copies stay until they are purged. */
  readonly replace: (url: string) => number;
  /** Deletes the image that a URL shows: from now on copies of it are made as version 0, which is served as 404. */
  readonly remove: (url: string) => void;
  /** The version of the image that a URL shows, 0 if it was deleted. */
  readonly versionOf: (url: string) => number;
  /** Has a copy in the cache, made this long ago if it is a new one. */
  readonly warm: (url: string, ageMs?: number) => void;
  /** Has no copy in the cache. */
  readonly cool: (url: string) => void;
  /** A purge was accepted. */
  readonly accepted: (target: string) => void;
  readonly clear: () => void;
};

export type EdgeOptions = {
  readonly clock: Clock;
  readonly faults: CdnFaults;
  readonly takeCompleted: () => readonly CompletedPurge[];
  /** Whether the shop uploads each file right before its purge. */
  readonly isUploadedBefore: () => boolean;
};

/** A shop's pages have long been requested when it begins to purge: the first request of a URL finds a copy of this age. */
const usualAgeMs = 3_600_000;
/** When the first version of every image was uploaded, before the start. */
const firstUploadMs = 30 * 86_400_000;

/**
 * A purge clears when ImageKit says Completed. That is worked off whenever somebody asks for something, so that no timer
 * runs: no copy is made between the two moments.
 */
export function simulatedEdge({ clock, faults, takeCompleted, isUploadedBefore }: EdgeOptions): Edge {
  const startedAt = clock.now();
  const uploads = new Map<string, readonly EpochMs[]>();
  const removed = new Set<string>();
  const seen = new Set<string>();
  const clearedWildcards = new Set<string>();
  let late: CompletedPurge[] = [];

  const originalIn = (url: string) => originalBehind(url.slice("https://".length));
  const uploadsOf = (original: string) => uploads.get(original) ?? [startedAt - firstUploadMs];
  const versionOf = (original: string) => (removed.has(original) ? 0 : uploadsOf(original).length);
  const makeCdn = () => simulatedCdn({ endpoint: "https://", versionOf, now: clock.now });
  let cdn = makeCdn();

  function clearCompleted(): void {
    for (const { url, completedAt } of takeCompleted()) {
      const target = httpsUrl(url);
      const fault = faults.takeForPurge(["keep-copy", "clear-late", "visitor-meanwhile"], target);
      if (fault?.kind === "keep-copy") continue;
      if (fault?.kind === "clear-late") {
        late.push({ url: target, completedAt: completedAt + (fault.delayMs ?? 0) });
        continue;
      }
      purge(target);
      if (fault?.kind === "visitor-meanwhile") cdn.fill(fileOf(target), completedAt - 1);
    }
    const due = late.filter(({ completedAt }) => completedAt <= clock.now());
    if (due.length === 0) return;
    late = late.filter((each) => !due.includes(each));
    for (const { url } of due) purge(url);
  }

  function purge(target: string): void {
    if (target.endsWith("*")) clearedWildcards.add(target.slice(0, -1));
    cdn.purge(target);
  }

  function meet(url: string): void {
    if (seen.has(url)) return;
    seen.add(url);
    const wasCleared = [...clearedWildcards].some((prefix) => url.startsWith(prefix));
    if (!wasCleared) cdn.fill(url, clock.now() - usualAgeMs);
  }

  function upload(url: string): number {
    const original = originalIn(url);
    const all = [...uploadsOf(original), clock.now()];
    uploads.set(original, all);
    removed.delete(original);
    return all.length;
  }

  return {
    get(url) {
      clearCompleted();
      meet(url);
      return cdn.get(url);
    },
    look(url) {
      clearCompleted();
      meet(url);
      return cdn.look(url);
    },
    uploadedAt: ({ original, version }) => uploadsOf(original)[version - 1] ?? startedAt,
    replace(url) {
      clearCompleted();
      meet(url);
      return upload(url);
    },
    remove(url) {
      clearCompleted();
      meet(url);
      removed.add(originalIn(url));
    },
    versionOf: (url) => versionOf(originalIn(url)),
    warm(url, ageMs = usualAgeMs) {
      clearCompleted();
      seen.add(url);
      cdn.fill(url, clock.now() - ageMs);
    },
    cool(url) {
      clearCompleted();
      seen.add(url);
      cdn.purge(url);
    },
    accepted(url) {
      clearCompleted();
      const target = httpsUrl(url);
      const file = fileOf(target);
      meet(file);
      const isForgotten = faults.takeForPurge(["no-upload"], target) !== undefined;
      if (isUploadedBefore() && !isForgotten && !file.endsWith("/")) upload(file);
    },
    clear() {
      uploads.clear();
      removed.clear();
      seen.clear();
      clearedWildcards.clear();
      late = [];
      cdn = makeCdn();
    },
  };
}

/** The URL by which the CDN knows it: by http it serves the same copies. */
function httpsUrl(url: string): string {
  return url.replace(/^https?:/i, "https:");
}

/** What a wildcard of one file shows, and an exact URL itself. */
function fileOf(target: string): string {
  return target.replace(/\*$/, "");
}
