/** Stand-in until the story is merged: the types, and enough of the story to answer requests. */
import type { Scope } from "./config.ts";
import type { Batch, BatchLine, Budget, NewPurge } from "./ledger/contract.ts";
import { maskSignature } from "./rules/mask-signature.ts";
import { planLines } from "./rules/plan.ts";
import type { LineVerdict } from "./rules/verdict.ts";
import type { Services } from "./services.ts";
import type { EpochMs } from "./time.ts";

export type Submission = {
  readonly urls: readonly string[];
  readonly reason?: string | undefined;
  readonly changedAt?: EpochMs | undefined;
  readonly onInvalid: "reject" | "skip";
  readonly onExhausted: "reject" | "hold";
  readonly idempotency?: { readonly keyHash: string; readonly bodyHash: string } | undefined;
};

export type Caller = { readonly name: string; readonly scopes: readonly Scope[] };

export type Run = {
  /** Milliseconds on the monotonic clock after which nothing new may start. */
  readonly deadlineMs: number;
  /** Keeps a promise alive after the answer (context.waitUntil). */
  readonly background: (work: Promise<void>) => void;
};

export type SubmitReply =
  | { readonly outcome: "accepted" | "replayed"; readonly batch: Batch }
  | { readonly outcome: "invalid"; readonly lines: readonly LineVerdict[] }
  | { readonly outcome: "forbidden"; readonly scope: Scope; readonly lines: readonly number[] }
  | { readonly outcome: "exhausted"; readonly units: number; readonly budget: Budget }
  | { readonly outcome: "key-reused" };

export type JoinedLine = {
  readonly line: number;
  readonly input: string;
  readonly verdict: "joined";
  readonly purgeId: string;
};

export type Plan = {
  readonly units: number;
  readonly lines: readonly (LineVerdict | JoinedLine)[];
  readonly budget: Budget;
  readonly availableAfter: number;
};

export async function submitPurges(
  services: Services,
  caller: Caller,
  submission: Submission,
  _run: Run,
): Promise<SubmitReply> {
  const verdicts = planLines(submission.urls, services.config.endpoints);
  const good = verdicts.filter((line) => line.verdict === "accepted");
  const isBad = verdicts.some((line) => line.verdict === "rejected");
  if (good.length === 0 || (isBad && submission.onInvalid === "reject")) {
    return { outcome: "invalid", lines: verdicts };
  }
  const wildcards = good.filter((line) => line.kind === "wildcard").map(({ line }) => line);
  if (wildcards.length > 0 && !caller.scopes.includes("wildcard")) {
    return { outcome: "forbidden", scope: "wildcard", lines: wildcards };
  }
  const purges: readonly NewPurge[] = good.map(({ line, url, kind }) => ({
    id: services.makeId("p"),
    url,
    maskedUrl: maskSignature(url),
    kind,
    lines: [line],
  }));
  const idOf = (line: number) => purges.find(({ lines }) => lines.includes(line))?.id ?? "";
  const lines = verdicts.map((line): BatchLine => {
    if (line.verdict === "rejected") return line;
    if (line.verdict === "accepted") {
      return { line: line.line, verdict: "accepted", purgeId: idOf(line.line), warnings: line.warnings };
    }
    if (line.verdict === "duplicate") {
      return { line: line.line, verdict: "duplicate", of: line.of, purgeId: idOf(line.of) };
    }
    return { line: line.line, verdict: "covered", by: line.by, purgeId: idOf(line.by) };
  });
  const reply = await services.ledger.reserve({
    ...submission,
    batchId: services.makeId("b"),
    actor: caller.name,
    lines,
    purges,
    lease: { token: services.makeId("l"), limit: 20 },
  });
  if (reply.outcome === "reserved") return { outcome: "accepted", batch: reply.batch };
  return reply;
}

export async function planPurges(
  services: Services,
  request: { readonly urls: readonly string[]; readonly changedAt?: EpochMs | undefined },
): Promise<Plan> {
  const lines = planLines(request.urls, services.config.endpoints);
  const { budget } = await services.ledger.plan(request);
  const units = lines.filter(({ verdict }) => verdict === "accepted").length;
  return { units, lines, budget, availableAfter: budget.available - units };
}
