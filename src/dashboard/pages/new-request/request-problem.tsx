import type { Budget } from "../../../domain/batch.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { quotaSupport } from "../../../http/answers/support-text.ts";
import { maximumLines, maximumPurges } from "../../../rules/limits.ts";
import { unitsFree } from "../../shared/count-lines.ts";
import { batchesPath, mostLines } from "../../shared/several-batches.ts";
import { lineList, pluralize } from "../../shared/words.ts";
import { Callout } from "../../ui/callout.tsx";
import { SupportMail } from "../../ui/support-mail.tsx";
import { shortDate, Time } from "../../ui/time.tsx";

/** Why a form was not submitted. */
export type RequestProblem =
  | { readonly kind: "faults"; readonly sentences: readonly string[] }
  | { readonly kind: "too-many"; readonly count: number }
  | { readonly kind: "too-many-targets"; readonly count: number; readonly limit: number }
  /** The first batches were accepted and the next was not. Nothing was done for it or those after it. */
  | {
      readonly kind: "stopped";
      readonly batchIds: readonly string[];
      readonly batches: number;
      readonly why: RequestProblem;
    }
  | {
      readonly kind: "invalid";
      readonly lines: readonly number[];
      /** Those of them that could be sent anyway. */
      readonly mistakes: readonly number[];
      readonly isSkipping: boolean;
    }
  | { readonly kind: "forbidden"; readonly lines: readonly number[]; readonly cover: readonly string[] }
  | {
      readonly kind: "exhausted";
      readonly units: number;
      readonly budget: Budget;
      /** The rest was to be held, and is more than can wait. */
      readonly isHolding: boolean;
    }
  /** The same lines were submitted from this form some time ago. */
  | { readonly kind: "long-ago"; readonly batchId: string; readonly at: EpochMs }
  | { readonly kind: "key-reused" }
  /** One answer had no time for all batches. */
  | { readonly kind: "out-of-time" }
  | Interruption;

/** The ledger could not answer. */
export type Interruption = {
  readonly kind: "unanswered";
  readonly code: "ledger-unavailable" | "rate-limited";
  readonly sentence: string;
  /** It may have been submitted all the same. */
  readonly isUnknown: boolean;
  readonly retryInSeconds: number;
};

/** Says above the form why it was not submitted, and that nothing was charged. */
export function RequestProblemCallout(props: {
  readonly problem: RequestProblem;
  readonly basePath: string;
}) {
  const { problem, basePath } = props;
  if (problem.kind === "stopped") return <Stopped {...problem} basePath={basePath} />;
  const isUnknown = problem.kind === "unanswered" && problem.isUnknown;
  return (
    <Callout kind="alarm" id="request-problem">
      <p>
        <strong>
          {isUnknown ? "It is not known whether this was submitted." : "Nothing was submitted or charged."}
        </strong>{" "}
        {wordsFor(problem)}
      </p>
      {problem.kind === "long-ago" ? (
        <p>
          <a href={`${basePath}/batches/${problem.batchId}`}>See that batch</a>, submitted{" "}
          <Time at={problem.at} />
        </p>
      ) : null}
      {problem.kind === "exhausted" ? <QuotaSupport {...problem} /> : null}
    </Callout>
  );
}

function Stopped(props: Extract<RequestProblem, { kind: "stopped" }> & { readonly basePath: string }) {
  const { batchIds, batches, why, basePath } = props;
  const went = `${batchIds.length} of ${pluralize(batches, "batch")} ${batchIds.length === 1 ? "was" : "were"} accepted`;
  return (
    <Callout kind="alarm" id="request-problem">
      <p>
        <strong>{went}.</strong> <a href={batchesPath(basePath, batchIds)}>See what was accepted.</a> The
        lines below were not submitted or charged. {wordsFor(why)}
      </p>
      {why.kind === "exhausted" ? <QuotaSupport {...why} /> : null}
    </Callout>
  );
}

function wordsFor(problem: RequestProblem): string {
  switch (problem.kind) {
    case "stopped":
      return wordsFor(problem.why);
    case "faults":
      return problem.sentences.join(" ");
    case "too-many": {
      const lines = pluralize(problem.count, "line");
      return problem.count > mostLines
        ? `These are ${lines}. At most ${mostLines.toLocaleString("en")} can be submitted at once; remove some.`
        : `These are ${lines}, and a batch can have at most ${maximumLines}. Check them below, and submit them as several batches.`;
    }
    case "too-many-targets": {
      const purges = pluralize(problem.count, "purge");
      return problem.limit === maximumPurges
        ? `These lines make ${purges}, and a batch can have at most ${problem.limit}. Check them below, and submit them as several batches.`
        : `These lines make ${purges}. At most ${problem.limit.toLocaleString("en")} can be submitted at once; remove some.`;
    }
    case "invalid": {
      if (problem.isSkipping) return "None of these lines can be purged. The reasons are below.";
      const it = problem.lines.length === 1 ? "it" : "them";
      const mistakes =
        problem.mistakes.length === 0 ? "" : `, or tick “Send it anyway” at ${lineList(problem.mistakes)}`;
      return `Fix ${lineList(problem.lines)}, or choose to skip ${it}${mistakes}. The reasons are below.`;
    }
    case "forbidden": {
      const what = problem.lines.length > 0 ? lineList(problem.lines) : problem.cover.join(", ");
      const [needs, instead] =
        problem.lines.length > 0
          ? ["Wildcards need", "enter exact URLs"]
          : ["Clearing a whole folder needs", "undo that"];
      return `${needs} the scope wildcard, which your token does not have: ${what}. Ask an admin, or ${instead}.`;
    }
    case "exhausted": {
      const left = unitsFree(problem.budget);
      if (problem.isHolding) {
        return `This needs ${pluralize(problem.units, "unit")}, which is more than the ${left} that are left and a month's quota of lines that wait. Submit fewer lines, or ask ImageKit for a higher quota.`;
      }
      return `This needs ${pluralize(problem.units, "unit")}, and ${left} of the month's are left until ${shortDate(problem.budget.resetsAt)}. Submit fewer lines, choose to hold the rest until there is budget, or ask ImageKit for a higher quota.`;
    }
    case "long-ago":
      return "These lines were submitted from this form before. To purge them again, submit once more.";
    case "unanswered":
      return problem.sentence;
    case "out-of-time":
      return "Submitting all of them takes longer than one answer may. Submit again to go on with the rest.";
    case "key-reused":
      return "This form was submitted before with different content, and that request stands. Submit once more to send the current content.";
  }
}

function QuotaSupport({ units, budget }: { readonly units: number; readonly budget: Budget }) {
  return (
    <details>
      <summary>An email that asks ImageKit for a higher quota</summary>
      <SupportMail id="request-support" support={quotaSupport(budget, units)} />
    </details>
  );
}
