import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import type { EpochMs } from "../../../domain/time.ts";
import type { Env } from "../../../http/context.ts";
import { invocationOf } from "../../../http/context.ts";
import { idempotencyOf } from "../../../http/requests/idempotency.ts";
import { linesOf } from "../../../http/requests/purge-request.ts";
import { sendAfterPassed } from "../../../http/requests/stated-time.ts";
import { createRouter } from "../../../http/router.ts";
import { errorFields } from "../../../log.ts";
import { maximumLines } from "../../../rules/limits.ts";
import { submitPurges } from "../../../use-cases/submit-purges.ts";
import { formPath, isFormKey, type RequestDraft, submittedCookie } from "../../shared/request-draft.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { batchesPath } from "../../shared/several-batches.ts";
import { signInWithRequest } from "../../ui/carried-request.ts";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { readForm } from "../../ui/read-form.ts";
import { requirePerson } from "../../ui/require-person.ts";
import { canonicalBytes, checkDraft, describeFault, emptyDraft, namedIn, readDraft } from "./draft.ts";
import { interruptionOf, problemOf } from "./problem-of.ts";
import { sampleDraft } from "./sample-draft.ts";
import { showForm } from "./show-form.tsx";
import { submitAsBatches } from "./submit-batches.ts";
import { type TakenUrls, takeUrls } from "./take-urls.tsx";

/**
 * The form of a new request. Its key is part of its address, so that going back and submitting again is the same
 * submission. `Check` shows what would happen; `Submit` does it and leads to the batch.
 */
export function newRequestPageRoute(dashboard: DashboardContext) {
  const freshKey = () => dashboard.services.makeId("o");
  return createRouter()
    .get("/new", requirePerson(dashboard, "purge"), async (c) => {
      const key = c.req.query("form") ?? "";
      const isSample = c.req.query("sample") !== undefined;
      if (!isFormKey(key)) {
        const place = formPath(dashboard.basePath, freshKey());
        return c.redirect(isSample ? `${place}&sample` : place, 303);
      }
      const { imagekit, endpoints } = dashboard.services.config;
      if (!isSample || imagekit.kind !== "simulated" || endpoints.length === 0) {
        return showForm(c, dashboard, { draft: emptyDraft(key) });
      }
      const mayUseWildcards = can(c.get("caller"), "wildcard");
      const draft = sampleDraft(key, { endpoints, mayUseWildcards });
      return showForm(c, dashboard, { draft, isChecked: true });
    })
    .post("/new", requirePerson(dashboard, "purge", signInWithRequest), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const read = readDraft(fields, freshKey);
      const intent = fields.get("intent");
      const draft = intent === "whole-images" ? { ...read, naming: "images" as const } : read;
      try {
        if (intent === "split") return await submitAsSeveral(c, dashboard, { draft, freshKey });
        const { endpoints } = dashboard.services.config;
        const taken = intent === "check" ? takeUrls(draft, endpoints) : undefined;
        return await checkOrSubmit(c, dashboard, { draft, intent, taken, freshKey });
      } catch (error) {
        const problem = interruptionOf(error, { isSubmitting: intent === "submit" || intent === "split" });
        if (problem === undefined) throw error;
        // As the error page does, but with the form, so that nothing has to be typed again.
        const { code, retryInSeconds } = problem;
        if (code !== "rate-limited") {
          dashboard.services.log(code, { requestId: c.get("requestId"), ...errorFields(error) });
        }
        c.header("Retry-After", String(retryInSeconds));
        return showForm(c, dashboard, { draft, problem });
      }
    });
}

type Posted = {
  readonly draft: RequestDraft;
  readonly intent: string | undefined;
  /** What was found in the text, to be shown instead of it. */
  readonly taken?: TakenUrls | undefined;
  readonly freshKey: () => string;
};

/** Submits the form as one batch if that is the intent; otherwise only shows what would happen. */
async function checkOrSubmit(
  c: Context<Env>,
  dashboard: DashboardContext,
  { draft: typed, intent, taken, freshKey }: Posted,
): Promise<Response> {
  const draft = taken === undefined ? typed : { ...typed, urls: taken.urls };
  const came = { isResumed: intent === "resumed", taken };
  const named = namedIn(draft);
  const { clock } = dashboard.services;
  const checked = checkDraft(draft, named, clock);
  if ("tooMany" in checked) {
    return showForm(c, dashboard, { draft, problem: { kind: "too-many", count: checked.tooMany }, ...came });
  }
  if ("faults" in checked) {
    const sentences = checked.faults.map(describeFault);
    return showForm(c, dashboard, { draft, problem: { kind: "faults", sentences }, ...came });
  }
  const { changedAt, sendAfter } = checked.request;
  const times = { changedAt, sendAfter };
  if (intent !== "submit") {
    if (sendAfter === undefined || sendAfter >= clock.now()) {
      return showForm(c, dashboard, { draft, ...times, isChecked: true, ...came });
    }
    const sentences = [describeFault(sendAfterPassed(clock.now()))];
    return showForm(c, dashboard, { draft, problem: { kind: "faults", sentences }, ...came });
  }
  const count = named.places.length;
  if (count > maximumLines) {
    return showForm(c, dashboard, { draft, ...times, problem: { kind: "too-many", count }, isChecked: true });
  }

  const idempotency = await idempotencyOf(c.get("caller"), draft.key, canonicalBytes(draft, named));
  const onMistake = mistakePolicy(new Set(draft.anyway));
  const submission = { ...checked.request, onMistake, idempotency };
  const reply = await submitPurges(c.get("services"), c.get("caller"), submission, invocationOf(c));
  const isDone =
    reply.outcome === "accepted" ||
    (reply.outcome === "replayed" && isRecent(dashboard)(reply.batch.createdAt));
  if (isDone) {
    forgetDraft(c, dashboard, draft.key);
    return c.redirect(linkTo(dashboard, `/batches/${reply.batch.id}`), 303);
  }
  const problem = problemOf(reply, draft, named);
  // The earlier submission under this key stands. Submitting again needs a new key.
  const isUsed = problem.kind === "long-ago" || problem.kind === "key-reused";
  if (isUsed) forgetDraft(c, dashboard, draft.key);
  const next = isUsed ? { ...draft, key: freshKey() } : draft;
  const isChecked = reply.outcome !== "send-time-passed";
  return showForm(c, dashboard, { draft: next, ...times, problem, isChecked });
}

/**
 * Within this time it is a second click, a reload or a step back. Later, the reader probably means to purge again.
 */
const sameSubmissionMs = 10 * 60_000;

function isRecent(dashboard: DashboardContext): (createdAt: EpochMs) => boolean {
  return (createdAt) => dashboard.services.clock.now() - createdAt < sameSubmissionMs;
}

/** Submits more lines than fit in a batch as several batches. Leads to all of them, or says where it stopped. */
async function submitAsSeveral(
  c: Context<Env>,
  dashboard: DashboardContext,
  { draft, freshKey }: Pick<Posted, "draft" | "freshKey">,
): Promise<Response> {
  const named = namedIn(draft);
  const checked = checkDraft(draft, named, dashboard.services.clock);
  if ("tooMany" in checked) {
    return showForm(c, dashboard, { draft, problem: { kind: "too-many", count: checked.tooMany } });
  }
  if ("faults" in checked) {
    return showForm(c, dashboard, {
      draft,
      problem: { kind: "faults", sentences: checked.faults.map(describeFault) },
    });
  }
  const { request } = checked;
  const times = { changedAt: request.changedAt, sendAfter: request.sendAfter };
  const options = { run: invocationOf(c), isRecent: isRecent(dashboard) };
  const reply = await submitAsBatches(c.get("services"), c.get("caller"), { draft, request }, options);
  switch (reply.outcome) {
    case "accepted":
      forgetDraft(c, dashboard, draft.key);
      return c.redirect(batchesPath(dashboard.basePath, reply.batchIds), 303);
    case "too-many-targets":
    case "forbidden":
    case "invalid":
      return showForm(c, dashboard, {
        draft,
        ...times,
        problem: problemOf(reply, draft, named),
        isChecked: true,
      });
    case "stopped": {
      const { batchIds, batches } = reply;
      const isFirst = batchIds.length === 0;
      const why = problemOf(reply.reply, draft, named);
      const problem = isFirst ? why : ({ kind: "stopped", batchIds, batches, why } as const);
      forgetDraft(c, dashboard, draft.key);
      const left = new Set(reply.left.map((line) => named.places[line - 1]));
      const lines = linesOf(draft.urls).filter((_, index) => left.has(index + 1));
      const rest = { ...draft, key: freshKey(), ...(!isFirst && { urls: lines.join("\n") }) };
      const isChecked = reply.reply.outcome !== "send-time-passed";
      return showForm(c, dashboard, { draft: rest, ...times, problem, isChecked });
    }
  }
}

/** The script deletes the cookie as soon as it has read it. */
const submittedSeconds = 600;

/** Tells the script that the form with this key is done, so that what it keeps of it in the browser goes. */
function forgetDraft(c: Context<Env>, { basePath }: DashboardContext, key: string): void {
  setCookie(c, submittedCookie + key, "1", {
    path: basePath === "" ? "/" : basePath,
    maxAge: submittedSeconds,
    sameSite: "Lax",
    secure: new URL(c.req.url).protocol === "https:",
  });
}
