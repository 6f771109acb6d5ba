import type { Clock } from "../domain/time.ts";

/**
 * Caches one answer: callers that ask at the same time share one call, and later ones get the same answer until `keepMs`
 * has passed. A call that throws is not cached; to cache a failure, return it as an answer.
 */
export function remember<T>(
  ask: () => Promise<T>,
  { now, keepMs }: { readonly now: Clock["now"]; readonly keepMs: (answer: T) => number },
): () => Promise<T> {
  let asked: Promise<T> | undefined;
  let answered: { readonly at: number; readonly answer: T } | undefined;

  const askAnew = async () => {
    try {
      const answer = await ask();
      answered = { at: now(), answer };
      return answer;
    } finally {
      asked = undefined;
    }
  };

  return async function remembered() {
    if (asked !== undefined) return asked;
    if (answered !== undefined) {
      const ageMs = now() - answered.at;
      // The clock may have been set back: an answer from the future may be stale.
      if (ageMs >= 0 && ageMs < keepMs(answered.answer)) return answered.answer;
    }
    asked = askAnew();
    return asked;
  };
}
