import * as z from "zod/mini";
import { edgeOutcomes } from "../../domain/edge-check.ts";
import { idPattern } from "../../domain/ids.ts";
import { purgeStates } from "../../domain/purge.ts";
import { mistakePolicies } from "../../domain/verdict.ts";
import { maximumFolderCharacters } from "../../rules/limits.ts";
import { maskSignature } from "../../rules/signed-url.ts";

/** RFC 3339 allows `t` and `z` in lower case. */
const isoTime = z.string().check(z.toUpperCase(), z.iso.datetime({ offset: true }));

/** Text of at most this many code points, which is what `maxLength` counts in JSON Schema. JavaScript counts UTF-16 units. */
function textUpTo(maxLength: number) {
  const isShort = (text: string) => text.length <= 2 * maxLength && [...text].length <= maxLength;
  const text = z.string().check(z.refine<string>(isShort, `must have at most ${maxLength} characters`));
  return text.register(z.globalRegistry, { maxLength });
}

/**
 * For people. Signed URLs are masked here, because the text is stored and shown as it is. Half a surrogate pair is valid
 * JSON to JavaScript, but an error to Redis' decoder.
 */
const reason = z.pipe(
  textUpTo(500).check(z.refine<string>((text) => /^\P{Cs}*$/u.test(text), "must be well-formed Unicode")),
  z.transform(maskSignature),
);

/** The schemas of headers, for the checks and the document. */
export const headerSchemas = {
  "Idempotency-Key": z
    .string()
    .check(z.minLength(1), z.maxLength(255), z.regex(/^[ -~]*$/, "must be printable ASCII")),
  Prefer: z.string(),
  "X-Stainless-Retry-Count": z.string().check(z.regex(/^\d{1,9}$/)),
  // Servers that compress answers add the W/ before the quotation mark.
  "If-Match": z
    .string()
    .check(
      z.regex(
        /^(\*|(W\/)?"\d{1,15}")$/,
        'must be the profile\'s version in quotation marks, such as "12", or *',
      ),
    ),
  "If-None-Match": z
    .string()
    .check(z.regex(/^\*$/, "must be *: create the profile only if it does not exist")),
} as const;

const notAFolder =
  "must be a folder below a URL endpoint, such as /products/autumn/: a path as in a URL, with a slash at both ends, and not the root";

/** A folder that may be cleared whole: its path after the URL endpoint. No segment consists of dots. */
const folder = z
  .string()
  .check(z.maxLength(maximumFolderCharacters), z.regex(/^(\/\.*[^\s/?#*\\.][^\s/?#*\\]*)+\/$/, notAFolder));

/**
 * The body of a plan and of a submission. Lists that are too long have problem codes of their own; purge-request.ts and
 * stated-time.ts check what depends on several fields.
 */
export const purgeRequest = z.strictObject({
  urls: z._default(z.array(z.string()), []),
  images: z._default(z.array(z.string()), []),
  cover: z._default(z.array(folder).check(z.maxLength(100)), []),
  reason: z.optional(reason),
  changedAt: z.optional(isoTime),
  sendAfter: z.optional(isoTime),
  settleSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(3_600))),
  check: z.optional(z.boolean()),
  onInvalid: z._default(z.enum(["reject", "skip"]), "reject"),
  onMistake: z._default(z.enum(mistakePolicies), "reject"),
  onExhausted: z._default(z.enum(["reject", "hold"]), "reject"),
});

/** The query of a submission. */
export const purgeRequestQuery = z.strictObject({
  as: z.optional(z.enum(["urls", "images"])),
});

/** The query of a plan. */
export const planQuery = z.extend(purgeRequestQuery, { repeats: z.optional(z.literal("allowed")) });

/** A profile as it is put. The rest of its rules are in planning/check-profile.ts. */
export const profileBody = z.strictObject({
  name: z.optional(z.string()),
  paths: z.array(z.string()).check(z.minLength(1), z.maxLength(1_000)),
  endpoints: z.array(z.string()).check(z.minLength(1), z.maxLength(50)),
  transformations: z._default(z.array(z.string()).check(z.maxLength(50)), []),
});

/** The body of ImageKit's own purge API. */
export const imagekitPurge = z.object({ url: z.string() });

export const correction = z.strictObject({
  external: z.int().check(z.nonnegative(), z.maximum(10_000_000)),
  reason: z.optional(reason),
});

export const notACursor = "is not a cursor from this API; omit it to start with the newest";

/** The query of a list; every parameter is a string. */
export const listQuery = z.strictObject({
  state: z.optional(z.enum([...purgeStates, "scheduled"])),
  edge: z.optional(z.enum([...edgeOutcomes, "waiting", "unproven"])),
  q: z.optional(textUpTo(500).check(z.minLength(1))),
  actor: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 of a-z, 0-9 and -"))),
  batch: z.optional(z.string().check(z.regex(idPattern("b"), "must be the id of a batch, b_…"))),
  from: z.optional(isoTime),
  to: z.optional(isoTime),
  limit: z.optional(
    z.pipe(
      z.string().check(z.regex(/^([1-9]|[1-9]\d|100)$/, "must be a whole number from 1 to 100")),
      z.pipe(z.transform(Number), z.int().check(z.minimum(1), z.maximum(100))),
    ),
  ),
  cursor: z.optional(z.string().check(z.regex(/^[\w-]{1,100}$/, notACursor))),
});
