/** The schemas of a plan's and a batch's lines. */

import * as z from "zod/mini";
import { severities, violationCodes } from "../domain/verdict.ts";
import { count, kind, lineNumber, purgeId, state } from "./schema-values.ts";

export const warning = z.strictObject({
  code: z.string(),
  severity: z.enum(severities),
  message: z.string(),
  suggestion: z.optional(z.string()),
});
export const violation = z.strictObject({
  code: z.enum(violationCodes),
  message: z.string(),
  why: z.optional(z.string()),
  suggestion: z.optional(z.string()),
});

const line = { line: lineNumber, input: z.string() };
const rejected = z.strictObject({
  ...line,
  verdict: z.literal("rejected"),
  violations: z.array(violation).check(z.minLength(1)),
});
/** What serves a line, or a target of an image, in place of a purge of its own. */
const served = {
  duplicate: { verdict: z.literal("duplicate"), of: lineNumber },
  coveredByLine: { verdict: z.literal("covered"), by: lineNumber },
  coveredByFolder: { verdict: z.literal("covered"), cover: z.string() },
  joined: { verdict: z.literal("joined"), purgeId },
} as const;

const target = { url: z.string(), kind };
export const imageTarget = z.union([
  z.strictObject({ ...target, verdict: z.literal("accepted") }),
  z.strictObject({ ...target, ...served.joined }),
  z.strictObject({ ...target, ...served.duplicate }),
  z.strictObject({ ...target, ...served.coveredByLine }),
  z.strictObject({ ...target, ...served.coveredByFolder }),
]);
const image = { verdict: z.literal("image"), image: z.string(), profile: z.nullable(z.string()) };
export const planLine = z.union([
  z.strictObject({
    ...line,
    verdict: z.literal("accepted"),
    url: z.string(),
    kind,
    warnings: z.array(warning),
  }),
  rejected,
  z.strictObject({ ...line, ...served.duplicate }),
  z.strictObject({ ...line, ...served.coveredByLine }),
  z.strictObject({ ...line, ...served.coveredByFolder }),
  z.strictObject({ ...line, ...served.joined }),
  z.strictObject({
    ...line,
    ...image,
    targets: z.array(imageTarget),
    units: count,
    unitsWithQuery: count,
    warnings: z.array(warning),
  }),
]);

const coverTarget = { url: z.string(), kind, lines: z.array(lineNumber) };
export const cover = z.strictObject({
  prefix: z.string(),
  targets: z.array(
    z.union([
      z.strictObject({ ...coverTarget, verdict: z.literal("accepted") }),
      z.strictObject({ ...coverTarget, ...served.joined }),
    ]),
  ),
});
export const coverOffer = z.strictObject({
  prefix: z.string(),
  lines: z.array(lineNumber),
  unitsNow: count,
  unitsThen: count,
  wildcards: z.array(z.string()),
});

const ofBatch = { line: lineNumber, state: z.nullable(state) };
export const batchLine = z.union([
  z.strictObject({ ...ofBatch, verdict: z.literal("accepted"), purgeId, warnings: z.array(warning) }),
  z.strictObject({ ...ofBatch, ...served.joined, warnings: z.array(warning) }),
  z.strictObject({ ...ofBatch, ...served.duplicate, purgeId }),
  z.strictObject({ ...ofBatch, ...served.coveredByLine, purgeId, input: z.optional(z.string()) }),
  z.strictObject({ ...ofBatch, ...served.coveredByFolder, purgeId, input: z.optional(z.string()) }),
  z.strictObject({
    ...ofBatch,
    ...image,
    purgeIds: z.array(purgeId),
    warnings: z.array(warning),
    of: z.optional(lineNumber),
  }),
  rejected,
]);
