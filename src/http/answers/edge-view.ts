import type { EdgeCheck, EdgeReading } from "../../domain/edge-check.ts";
import { edgeMessage, toldEdge } from "../../domain/edge-words.ts";
import type { Purge } from "../../domain/purge.ts";
import { toIsoTime, toIsoTimeOrNull } from "../../domain/time.ts";
import { maskSignature } from "../../rules/signed-url.ts";

/** What callers see of an edge check. `location` is that of the latest reading after Completed. */
export function edgeView(edge: EdgeCheck, alarm?: Purge["alarm"]) {
  const { outcome, cause, url, checkedAt, nextAt, before, after } = edge;
  return {
    outcome,
    cause: cause ?? null,
    message: edgeMessage(toldEdge(edge, alarm)),
    checkedAt: toIsoTimeOrNull(checkedAt),
    nextCheckAt: toIsoTimeOrNull(nextAt),
    url: maskSignature(url),
    location: after?.location ?? null,
    before: before === undefined ? null : readingView(before),
    after: after === undefined ? null : readingView(after),
  };
}

function readingView(reading: EdgeReading) {
  const { at, status, type, fingerprint, ageSeconds, madeAt, cache, location, problem } = reading;
  return {
    at: toIsoTime(at),
    status: status ?? null,
    type: type ?? null,
    fingerprint: fingerprint ?? null,
    ageSeconds: ageSeconds ?? null,
    madeAt: toIsoTimeOrNull(madeAt),
    cache: cache ?? null,
    location: location ?? null,
    problem: problem === undefined ? null : maskSignature(problem),
  };
}
