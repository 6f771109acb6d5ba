import { accepting, type TestApp } from "./app.ts";
import { type HurriedClock, hurriedClock } from "./hurried-clock.ts";

/** A copy of an image as a location of the CDN keeps it. */
type Copy = { readonly etag: string; readonly madeAt: number };

/**
 * A CDN of one location with one image, and an ImageKit in front of it that clears it at Completed: the next copy is of what
 * was uploaded by then.
 */
export type SimpleCdn = {
  /** The content that the origin has. */
  etag: string;
  /** Whether Completed clears the cache, as it should. */
  clears: boolean;
  /** URLs that were read, in order. */
  readonly read: string[];
  /** Forgets the copy. */
  readonly restart: () => void;
  readonly answer: TestApp["imagekit"]["answer"];
};

export function simpleCdn(time: { readonly now: number }): SimpleCdn {
  const imagekit = accepting();
  let copy: Copy | undefined;
  const cdn: SimpleCdn = {
    etag: "old",
    clears: true,
    read: [],
    restart: () => {
      cdn.etag = "old";
      cdn.clears = true;
      cdn.read.length = 0;
      copy = { etag: "old", madeAt: time.now - 3_600_000 };
    },
    answer: (request) => {
      if (request.method !== "HEAD") {
        if (request.method === "GET" && cdn.clears) copy = undefined;
        return imagekit(request);
      }
      cdn.read.push(request.url);
      const cache = copy === undefined ? "Miss" : "Hit";
      copy ??= { etag: cdn.etag, madeAt: time.now };
      return new Response(null, {
        headers: {
          ETag: `"${copy.etag}"`,
          Age: String(Math.floor((time.now - copy.madeAt) / 1_000)),
          "Content-Type": "image/webp",
          "X-Cache": `${cache} from cloudfront`,
          "X-Amz-Cf-Pop": "FRA56-P4",
        },
      });
    },
  };
  cdn.restart();
  return cdn;
}

/** A clock whose sleeps pass instantly and move this time with them, as the ledger sees it too. */
export function movingClock(time: { now: number }): HurriedClock {
  const clock = hurriedClock();
  return {
    ...clock,
    now: () => time.now,
    sleep: async (durationMs, signal) => {
      const beforeMs = clock.sleptMs();
      await clock.sleep(durationMs, signal);
      time.now += clock.sleptMs() - beforeMs;
    },
  };
}
