import { type Part, splitRequest } from "../planning/split-request.ts";
import { maximumLines } from "../rules/limits.ts";
import { call } from "./call.ts";
import type { Connection } from "./connection.ts";
import type { Batch, Plan, PlanLine, PlanRequest } from "./generated.ts";
import { PurgeDeskError } from "./purge-desk-error.ts";

/** What to purge: `images`, `urls`, or both. More than one batch can hold is split into several. */
export type PurgeRequest = Omit<PlanRequest, "urls" | "images" | "cover" | "changedAt" | "sendAfter"> & {
  /** Exact URLs, or wildcards that end in `*`. */
  readonly urls?: readonly string[];
  /** Originals: paths after the URL endpoint, such as `/products/shoe.jpg`, or any of their URLs. */
  readonly images?: readonly string[];
  /** Folders that may be cleared whole, such as `/products/autumn/`. */
  readonly cover?: readonly string[];
  /** When the content changed. A `Date` has the milliseconds that let two reports of one change share a purge. */
  readonly changedAt?: string | Date;
  /** The earliest send, at most 31 days ahead. */
  readonly sendAfter?: string | Date;
};

export type PurgeOptions = {
  /**
   * Names this request: the same key and the same request give the same batches, however often they are sent, for seven
   * days. Printable ASCII, at most 250 characters. Default: a random one for each call.
   */
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type RejectedLine = Extract<PlanLine, { verdict: "rejected" }>;

export type Submission = {
  readonly key: string;
  /** One, unless the request was too large for one. */
  readonly batches: readonly Batch[];
  /** What all of it cost when it was accepted. */
  readonly units: number;
  /**
   * With `onInvalid: "skip"`: the lines that were refused, numbered through `urls`, then `images`. What only a refused line's
   * wildcard would have cleared is not sent either; of a request that was split, it is not named here.
   */
  readonly rejected: readonly RejectedLine[];
};

/** What the API accepts, less what the number of a part takes. */
const keyPattern = /^[ -~]{1,250}$/;

export function requestPlan(
  connection: Connection,
  request: PurgeRequest,
  signal?: AbortSignal,
  query = "",
): Promise<Plan> {
  const path = `/api/plan${query}`;
  return call<Plan>(connection, { method: "POST", path, body: request, signal });
}

/**
 * Submits under one key, so that sending again is safe. What is too large for one batch is planned as a whole first, so
 * that nothing is paid twice: its first batch has the key, its n-th the key `key#n`. A request that is split otherwise than
 * before, because profiles have changed, therefore ends in `idempotency-key-reused`.
 */
export async function requestPurges(
  connection: Connection,
  request: PurgeRequest,
  { key = crypto.randomUUID(), signal }: PurgeOptions = {},
): Promise<Submission> {
  const batches: Batch[] = [];
  const rejected: RejectedLine[] = [];
  const submit = async (body: PurgeRequest, ownKey: string) => {
    const path = "/api/purges";
    const batch = await call<Batch>(connection, { method: "POST", path, body, key: ownKey, signal });
    batches.push(batch);
    return batch;
  };
  const submission = (rejected: readonly RejectedLine[]): Submission => ({
    key,
    batches,
    units: batches.reduce((sum, { units }) => sum + units, 0),
    rejected,
  });
  try {
    if (!keyPattern.test(key)) {
      throw new PurgeDeskError("invalid-header", "key must be 1 to 250 printable ASCII characters");
    }
    const given = [request.urls ?? [], request.images ?? []].flat();
    if (given.length <= maximumLines) {
      const batch = await submit(request, key).catch((error) => {
        // It makes too many purges for one batch, or it was split before: nothing was submitted.
        if (!/many-targets|key-reused/.test(error.code)) throw error;
      });
      if (batch) return submission(rejectedIn(batch));
    }

    // It must split this request as before when it is called again: whatever was purged since, and whenever that is.
    const { sendAfter: _, ...timeless } = request;
    const plan = await requestPlan(connection, timeless, signal, "?repeats=allowed");
    rejected.push(...rejectedIn(plan));
    const parts = split(plan, given, request);
    if (!parts[0] || (rejected[0] && request.onInvalid !== "skip")) throw invalid(plan, rejected, batches);
    // The plan has left out the mistakes that are not to be sent, and has found the covers' wildcards.
    const { cover: __, ...common } = request;
    for (const [index, { urls, images, sources }] of parts.entries()) {
      const body = { ...common, urls, images, onMistake: "send" } as const;
      const numberOf = (line: number) => sources[line - 1] ?? line;
      const ofWhole = (line: RejectedLine) => ({ ...line, line: numberOf(line.line) });
      const answer = await submit(body, index === 0 ? key : `${key}#${index + 1}`).catch((error) => {
        const { problem } = error;
        if (!problem?.lines) throw error;
        if (!problem.scope) {
          if (request.onInvalid === "skip") return problem as Plan;
          throw invalid(plan, rejectedIn(problem).map(ofWhole), batches);
        }
        problem.lines = problem.lines.map(numberOf);
        problem.detail = `Line ${problem.lines.join(", ")} needs the scope ${problem.scope}.`;
        throw new PurgeDeskError(error.code, problem.detail, error);
      });
      // The plan has left out all bad lines but those that repeat.
      rejected.push(...rejectedIn(answer).map(ofWhole));
    }
    if (!batches[0]) throw invalid(plan, rejected, batches);
    return submission(rejected);
  } catch (error) {
    if (error instanceof PurgeDeskError) {
      error.batches = batches;
      error.key = key;
    }
    throw error;
  }
}

function split(
  plan: Plan,
  given: readonly string[],
  { urls = [], cover = [] }: PurgeRequest,
): readonly Part[] {
  // A plan masks signatures, so the lines are submitted as they were given. Only the line's own URL can be a signed one.
  const lines = plan.lines.map((line): PlanLine => {
    const input = given[line.line - 1] ?? line.input;
    if (line.verdict !== "image") return { ...line, input };
    const targets = line.targets.map((target) =>
      isMasked(target.url) && !isMasked(input) ? { ...target, url: input } : target,
    );
    return { ...line, input, targets };
  });
  const covering = plan.cover.flatMap(({ targets }) => targets);
  // Who asks for wildcards may name them. Others can only name the image, whose wildcards clear that one file.
  const mayUseWildcards = cover.length > 0 || urls.some((url) => url.trimEnd().endsWith("*"));
  return splitRequest({ lines, covering }, { mayUseWildcards });
}

function isMasked(url: string): boolean {
  return /=masked(?:\W|$)/.test(url);
}

function invalid(plan: Plan, rejected: readonly RejectedLine[], batches: readonly Batch[]): PurgeDeskError {
  // The plan allowed the lines that repeat, which a part then refused.
  const lines = plan.lines.map((line) => rejected.find((each) => each.line === line.line) ?? line);
  const detail = `Line ${rejected.map(({ line }) => line).join(", ")} cannot be purged${batches[0] ? "" : "; nothing was submitted or charged"}.`;
  const problem = {
    type: "urn:purge-desk:problem:invalid-urls",
    title: detail,
    status: 422,
    detail,
    code: "invalid-urls",
    requestId: "",
    lines,
  } as const;
  return new PurgeDeskError("invalid-urls", detail, { problem, status: 422 });
}

function rejectedIn({
  lines,
}: {
  readonly lines: readonly PlanLine[] | Batch["lines"];
}): readonly RejectedLine[] {
  return lines.filter((line) => line.verdict === "rejected");
}
