import * as z from "zod/mini";
import { idPattern } from "../../domain/ids.ts";
import { purgeStates } from "../../domain/purge.ts";
import { mistakePolicies } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";

const isoTime = z.iso.datetime({ offset: true });

/**
 * For people. Signed URLs are masked here, because the text is stored and shown as it is. Half a surrogate pair is valid
 * JSON to JavaScript, but an error to Redis' decoder.
 */
const reason = z.pipe(
  z.string().check(z.maxLength(500), z.regex(/^\P{Cs}*$/u, "must be well-formed Unicode")),
  z.transform(maskSignature),
);

/** The body of a plan and of a submission. A list of URLs that is too long has a problem code of its own. */
export const purgeRequest = z.strictObject({
  urls: z.array(z.string()).check(z.minLength(1)),
  reason: z.optional(reason),
  changedAt: z.optional(isoTime),
  onInvalid: z._default(z.enum(["reject", "skip"]), "reject"),
  onMistake: z._default(z.enum(mistakePolicies), "reject"),
  onExhausted: z._default(z.enum(["reject", "hold"]), "reject"),
});

export const correction = z.strictObject({
  external: z.int().check(z.nonnegative(), z.maximum(10_000_000)),
  reason: z.optional(reason),
});

export const notACursor = "is not a cursor from this API; omit it to start with the newest";

/** The query of a list; every parameter is a string. */
export const listQuery = z.strictObject({
  state: z.optional(z.enum(purgeStates)),
  q: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
  actor: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 of a-z, 0-9 and -"))),
  batch: z.optional(z.string().check(z.regex(idPattern("b"), "must be the id of a batch, b_…"))),
  from: z.optional(isoTime),
  to: z.optional(isoTime),
  limit: z._default(
    z.string().check(z.regex(/^([1-9]|[1-9]\d|100)$/, "must be a whole number from 1 to 100")),
    "50",
  ),
  cursor: z.optional(z.string().check(z.regex(/^[\w-]{1,100}$/, notACursor))),
});
