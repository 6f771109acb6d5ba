import type { EpochMs } from "../../domain/time.ts";

/** A copy of an image in the cache. */
export type Copy = {
  readonly url: string;
  /** The path of its original after the URL endpoint. */
  readonly original: string;
  /** What the original was when the copy was made. */
  readonly version: number;
  readonly madeAt: EpochMs;
};

export type SimulatedCdn = {
  /** Serves a URL: the copy in the cache, or a new one of the original as it is now. */
  readonly get: (url: string) => { readonly copy: Copy; readonly cache: "hit" | "miss" };
  /** The copy in the cache, if there is one. */
  readonly look: (url: string) => Copy | undefined;
  /** Caches the original as it is now, as if the URL had been requested at that time. A copy that is there stays. */
  readonly fill: (url: string, madeAt: EpochMs) => void;
  /** Removes what a purge of this URL or wildcard clears, and says which copies these were. */
  readonly purge: (target: string) => readonly Copy[];
};

/**
 * A CDN in front of an account's images, with ImageKit's documented behaviour and its own reading of it: it caches by the
 * exact URL; an exact purge removes that one copy, and a wildcard every copy whose URL begins with the text before the `*`.
 * So `file.jpg*` clears versions and query transformations, and path transformations, being other URLs, stay.
 */
export function simulatedCdn({
  endpoint,
  versionOf,
  now,
}: {
  /** Such as `https://ik.imagekit.io/demo`. */
  readonly endpoint: string;
  readonly versionOf: (original: string) => number;
  readonly now: () => EpochMs;
}): SimulatedCdn {
  /** By the URL up to the last slash of its path: a purge need not look at the others. */
  const folders = new Map<string, Map<string, Copy>>();
  const look = (url: string) => folders.get(folderOf(url))?.get(url);

  function add(url: string, madeAt: EpochMs): Copy {
    const folder = folderOf(url);
    const copies = folders.get(folder) ?? new Map<string, Copy>();
    if (copies.size === 0) folders.set(folder, copies);
    const original = originalBehind(url.slice(endpoint.length));
    const copy = { url, original, version: versionOf(original), madeAt };
    copies.set(url, copy);
    return copy;
  }

  return {
    get(url) {
      const cached = look(url);
      return cached === undefined ? { copy: add(url, now()), cache: "miss" } : { copy: cached, cache: "hit" };
    },
    look,
    fill(url, madeAt) {
      if (look(url) === undefined) add(url, madeAt);
    },
    purge(target) {
      const prefix = target.endsWith("*") ? target.slice(0, -1) : undefined;
      const removed: Copy[] = [];
      const remove = (copies: Map<string, Copy>, copy: Copy | undefined) => {
        if (copy !== undefined && copies.delete(copy.url)) removed.push(copy);
      };
      for (const [folder, copies] of folders) {
        if (prefix === undefined) remove(copies, copies.get(target));
        else if (folder.startsWith(prefix) || prefix.startsWith(folder)) {
          for (const copy of [...copies.values()]) if (copy.url.startsWith(prefix)) remove(copies, copy);
        }
      }
      return removed;
    },
  };
}

function folderOf(url: string): string {
  const [path = ""] = url.split("?", 1);
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** `/tr:w-300/shoes/red.jpg?v=1` shows `/shoes/red.jpg`. */
export function originalBehind(pathAndQuery: string): string {
  const [path = ""] = pathAndQuery.split("?", 1);
  return path
    .split("/")
    .filter((segment) => !segment.startsWith("tr:"))
    .join("/");
}
