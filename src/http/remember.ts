import type { Clock } from "../domain/time.ts";

/**
 * Asks once for all who ask meanwhile, and gives the same answer again for as long as `keepMs` says. A question that
 * throws is not remembered: let it answer with what went wrong.
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
      // The clock may have been set back: an answer of the future is not known to be fresh.
      if (ageMs >= 0 && ageMs < keepMs(answered.answer)) return answered.answer;
    }
    asked = askAnew();
    return asked;
  };
}
