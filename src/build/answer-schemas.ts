/** The schemas of the answers, for the OpenAPI document and for tests that compare real answers with them. */

import * as z from "zod/mini";
import { scopes } from "../domain/caller.ts";
import { edgeOutcomes } from "../domain/edge-check.ts";
import { dropInIdPattern } from "../domain/ids.ts";
import { checkStates } from "../http/answers/check.ts";
import { type ProblemCode, problems } from "../http/answers/problem.ts";
import type { AnswerName } from "../http/openapi/description.ts";
import { batchLine, cover, coverOffer, imageTarget, planLine, violation, warning } from "./line-schemas.ts";
import { learned, profileChange, profileList, storedProfile } from "./profile-schemas.ts";
import { batchId, count, kind, lineNumber, purgeId, state, time, timeOrNull } from "./schema-values.ts";

const support = z.strictObject({ subject: z.string(), body: z.string(), mailto: z.string() });

const timelineEntry = z.strictObject({ at: time, state, by: z.string(), note: z.string() });

const requestId = z.string().check(z.regex(dropInIdPattern));

const edgeReading = z.strictObject({
  at: time,
  status: z.nullable(z.int()),
  type: z.nullable(z.string()),
  fingerprint: z.nullable(z.string()),
  ageSeconds: z.nullable(z.int()),
  madeAt: timeOrNull,
  cache: z.nullable(z.enum(["hit", "miss"])),
  location: z.nullable(z.string()),
  problem: z.nullable(z.string()),
});

const edgeCheck = z.strictObject({
  outcome: z.enum([...edgeOutcomes, "waiting"]),
  cause: z.nullable(z.string()),
  message: z.string(),
  checkedAt: timeOrNull,
  nextCheckAt: timeOrNull,
  url: z.string(),
  location: z.nullable(z.string()),
  before: z.nullable(edgeReading),
  after: z.nullable(edgeReading),
});

const purge = z.strictObject({
  id: purgeId,
  batchId,
  lines: z.array(lineNumber),
  url: z.string(),
  kind,
  state,
  imagekitRequestId: z.nullable(z.string()),
  units: count,
  attempts: count,
  checks: count,
  actor: z.string(),
  reason: z.nullable(z.string()),
  createdAt: time,
  sentAt: timeOrNull,
  acceptedAt: timeOrNull,
  completedAt: timeOrNull,
  endedAt: timeOrNull,
  sendAt: timeOrNull,
  scheduled: z.boolean(),
  nextCheckAt: timeOrNull,
  error: z.nullable(z.strictObject({ code: z.string(), message: z.string() })),
  timeline: z.array(timelineEntry),
  edge: z.nullable(edgeCheck),
  support: z.nullable(support),
});

const budget = z.strictObject({
  month: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
  quota: count,
  margin: count,
  spent: count,
  reserved: count,
  external: count,
  available: z.int(),
  held: count,
  resetsAt: time,
});

const plan = z.strictObject({
  units: count,
  lines: z.array(planLine),
  cover: z.array(cover),
  covers: z.array(coverOffer),
  budget,
  availableAfter: z.int(),
});

const batch = z.strictObject({
  id: batchId,
  createdAt: time,
  actor: z.string(),
  reason: z.nullable(z.string()),
  done: z.boolean(),
  checked: z.boolean(),
  units: count,
  lines: z.array(batchLine),
  purges: z.array(purge),
  budget,
});

const check = z.strictObject({
  name: z.string(),
  state: z.enum(checkStates),
  seen: z.string(),
  advice: z.nullable(z.string()),
});

const fault = z.strictObject({
  in: z.enum(["body", "query", "header"]),
  at: z.string(),
  message: z.string(),
});

/** A problem of RFC 9457, with the members that our codes add. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(problemCodes()),
  requestId: z.string(),
  lines: z.optional(z.union([z.array(planLine), z.array(lineNumber)])),
  errors: z.optional(z.array(fault)),
  scope: z.optional(z.enum(scopes)),
  state: z.optional(state),
  limit: z.optional(count),
  count: z.optional(count),
  units: z.optional(count),
  budget: z.optional(budget),
  support: z.optional(support),
  current: z.optional(z.nullable(storedProfile)),
  change: z.optional(z.nullable(profileChange)),
  checks: z.optional(z.array(check)),
});

function problemCodes(): ProblemCode[] {
  const isCode = (code: string): code is ProblemCode => code in problems;
  return Object.keys(problems).filter(isCode);
}

export const answerSchemas = {
  Plan: plan,
  Batch: batch,
  Purge: purge,
  PurgePage: z.strictObject({ purges: z.array(purge), nextCursor: z.nullable(z.string()) }),
  Budget: budget,
  ProfileList: profileList,
  StoredProfile: storedProfile,
  Learned: learned,
  Health: z.strictObject({
    status: z.enum(["up", ...checkStates]),
    checks: z.optional(z.array(check)),
  }),
  ImageKitAccepted: z.strictObject({ requestId }),
  ImageKitStatus: z.strictObject({ status: z.enum(["Pending", "Completed"]) }),
  ImageKitError: z.strictObject({ message: z.string(), help: z.optional(z.string()) }),
  Document: z.looseObject({ openapi: z.string(), info: z.looseObject({ title: z.string() }) }),
  Page: z.string(),
} as const satisfies Readonly<Record<AnswerName, z.ZodMiniType>>;

/** Parts of answers that have their own name in the document. */
export const partSchemas = {
  Support: support,
  TimelineEntry: timelineEntry,
  EdgeCheck: edgeCheck,
  EdgeReading: edgeReading,
  Warning: warning,
  Violation: violation,
  PlanLine: planLine,
  ImageTarget: imageTarget,
  Cover: cover,
  CoverOffer: coverOffer,
  BatchLine: batchLine,
  ProfileChange: profileChange,
  Check: check,
  RequestFault: fault,
  Problem: problemSchema,
} as const;
