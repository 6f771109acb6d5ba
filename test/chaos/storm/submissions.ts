import type { Random } from "../../../src/local/imagekit/random.ts";

/** What one caller wants purged, under the same idempotency key for every repetition. */
export type Submission = {
  readonly key: string;
  readonly body: string;
  readonly onExhausted: "reject" | "hold";
};

/** Batches of 1 to 100 lines up to this number of purges; some lines repeat those of earlier batches. */
export function makeSubmissions(random: Random, seed: number, purges: number): readonly Submission[] {
  const submissions: Submission[] = [];
  const urls: string[] = [];
  while (urls.length < purges) {
    const size = Math.min(purges - urls.length, sizeOf(random));
    const lines: string[] = [];
    for (let line = 0; line < size; line++) {
      const earlier = random() < 0.03 ? urls[Math.floor(random() * urls.length)] : undefined;
      const fresh = `https://ik.imagekit.io/demo/storm-${seed}/${urls.length}.jpg${random() < 0.05 ? "*" : ""}`;
      if (earlier === undefined) urls.push(fresh);
      lines.push(earlier ?? fresh);
    }
    const onExhausted = random() < 0.7 ? "hold" : "reject";
    submissions.push({
      key: `storm ${seed} batch ${submissions.length}`,
      body: JSON.stringify({ urls: lines, onExhausted }),
      onExhausted,
    });
  }
  return submissions;
}

function sizeOf(random: Random): number {
  const kind = random();
  if (kind < 0.3) return 1 + Math.floor(random() * 3);
  return kind < 0.8 ? 5 + Math.floor(random() * 40) : 60 + Math.floor(random() * 41);
}
