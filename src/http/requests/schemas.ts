import * as z from "zod/mini";
import { idPattern } from "../../domain/ids.ts";
import { purgeStates } from "../../domain/purge.ts";
import { mistakePolicies } from "../../domain/verdict.ts";
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
} as const;

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
