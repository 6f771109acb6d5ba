import { randomBytes } from "node:crypto";
import type { Clock, EpochMs } from "../../domain/time.ts";
import { accepted, errorAnswer, type SimulatedAnswer, statusOf, words } from "./answers.ts";
import { isPurgeable } from "./purgeable.ts";
import type { Random } from "./random.ts";
import type { Settings } from "./settings.ts";

/** One ImageKit account: its quota, and every purge it took. */
export type Account = {
  /** Takes what was posted: parsed JSON, or undefined when it was none. */
  readonly purge: (body: unknown) => SimulatedAnswer;
  readonly status: (imagekitRequestId: string) => SimulatedAnswer;
  /** What that purge is for. */
  readonly urlOf: (imagekitRequestId: string) => string | undefined;
  /** Completes what is pending, of this URL only when there is one, and says how many that were. */
  readonly complete: (url?: string) => number;
  /** The purges that completed since this was last asked, in that order. */
  readonly takeCompleted: () => readonly CompletedPurge[];
  readonly spent: () => number;
  readonly clear: () => void;
};

export type CompletedPurge = { readonly url: string; readonly completedAt: EpochMs };

/**
 * `settings` and `random` are asked each time, because they may change. `onAccepted` hears of each purge before it is
 * answered.
 */
export function account(
  settings: () => Settings,
  random: () => Random,
  clock: Clock,
  onAccepted: (url: string) => void = () => undefined,
): Account {
  type TakenPurge = { readonly url: string; completesAt: EpochMs };
  const purges = new Map<string, TakenPurge>();
  const notYetTaken = new Set<TakenPurge>();
  let spent = 0;

  function refused(message: string): SimulatedAnswer {
    if (settings().refusedCosts) spent += 1;
    return errorAnswer(400, message);
  }

  return {
    purge(body) {
      const url = urlIn(body);
      if (url === undefined) return refused(words.missingUrl);
      if (typeof url !== "string" || !isPurgeable(url)) return refused(words.notPurgeable);
      const { quota, quotaAnswer, pendingMs } = settings();
      if (quota !== "none" && spent >= quota) {
        return { ...errorAnswer(quotaAnswer.status, quotaAnswer.message), outcome: "blocked" };
      }
      spent += 1;
      const imagekitRequestId = randomBytes(12).toString("hex");
      const purge = { url, completesAt: clock.now() + duration(pendingMs, random()) };
      purges.set(imagekitRequestId, purge);
      onAccepted(url);
      notYetTaken.add(purge);
      return accepted(imagekitRequestId);
    },
    status(imagekitRequestId) {
      const purge = purges.get(imagekitRequestId);
      if (purge === undefined) return errorAnswer(400, words.unknownId);
      const isPending = clock.now() < purge.completesAt;
      return statusOf(imagekitRequestId, isPending ? "Pending" : settings().completedWord);
    },
    urlOf: (imagekitRequestId) => purges.get(imagekitRequestId)?.url,
    complete(url) {
      const now = clock.now();
      const pending = [...purges.values()].filter(
        (purge) => purge.completesAt > now && (url === undefined || purge.url === url),
      );
      for (const purge of pending) purge.completesAt = now;
      return pending.length;
    },
    takeCompleted() {
      const now = clock.now();
      const completed = [...notYetTaken].filter(({ completesAt }) => completesAt <= now);
      for (const purge of completed) notYetTaken.delete(purge);
      return completed
        .sort((one, other) => one.completesAt - other.completesAt)
        .map(({ url, completesAt }) => ({ url, completedAt: completesAt }));
    },
    spent: () => spent,
    clear() {
      purges.clear();
      notYetTaken.clear();
      spent = 0;
    },
  };
}

/** The body's `url`, whatever it is. */
export function urlIn(body: unknown): unknown {
  return typeof body === "object" && body !== null && "url" in body ? body.url : undefined;
}

function duration(pendingMs: Settings["pendingMs"], random: Random): number {
  if (pendingMs === "never") return Number.POSITIVE_INFINITY;
  if (typeof pendingMs === "number") return pendingMs;
  return pendingMs.minMs + random() * (pendingMs.maxMs - pendingMs.minMs);
}
