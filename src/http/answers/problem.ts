import type { Context } from "hono";
import type { Env } from "../context.ts";

/**
 * Every way a request can fail: the one list behind the answers and the OpenAPI document. The `detail` of an answer is
 * written where the problem is found.
 */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not valid JSON in UTF-8" },
  unauthorized: { status: 401, title: "A valid token is required" },
  forbidden: { status: 403, title: "The token's scopes do not allow this" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "The method is not allowed here" },
  "body-timeout": { status: 408, title: "The body did not arrive in time" },
  "state-conflict": { status: 409, title: "The purge's state does not allow this" },
  "profile-changed": { status: 412, title: "The profile was changed meanwhile" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The content type is not supported" },
  "invalid-body": { status: 422, title: "The body is not valid" },
  "invalid-query": { status: 422, title: "A query parameter is not valid" },
  "invalid-header": { status: 422, title: "A header is not valid" },
  "invalid-urls": { status: 422, title: "One or more lines cannot be purged" },
  "too-many-urls": { status: 422, title: "Too many URLs for one batch" },
  "too-many-targets": { status: 422, title: "Too many lines or purges for one batch" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key was used with another body" },
  "budget-exhausted": { status: 429, title: "The month's budget does not cover this" },
  "rate-limited": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong here" },
  "ledger-unavailable": { status: 503, title: "The ledger is not available" },
  "not-live": { status: 503, title: "This deploy is not the live one" },
  misconfigured: { status: 503, title: "The service is not configured" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problems;

/** A fault in one part of a request, named by a field's JSON pointer or by the name of a parameter or header. */
export type RequestFault = {
  readonly in: "body" | "query" | "header";
  readonly at: string;
  readonly message: string;
};

type Extras = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

/** The `type` of RFC 9457: the same on every deployment. */
export function problemType(code: ProblemCode): string {
  return `urn:purge-desk:problem:${code}`;
}

/**
 * An RFC 9457 answer, or the same in the shape of another API that the path belongs to. `extras` are the members that the
 * code requires; `detail` is for people.
 */
export function problem(
  c: Context<Env>,
  code: ProblemCode,
  detail: string,
  extras: Extras = {},
  headers: Headers = {},
): Response {
  const { status, title } = problems[code];
  c.set("problemCode", code);
  const answerProblem = c.get("answerProblem");
  if (answerProblem !== undefined) return answerProblem({ code, status, title, detail, headers });
  const body = {
    type: problemType(code),
    title,
    status,
    detail,
    code,
    requestId: c.get("requestId"),
    ...extras,
  };
  return c.body(JSON.stringify(body), status, { ...headers, "Content-Type": "application/problem+json" });
}

/** A 422 that names what is wrong with one part of the request. */
export function invalidRequest(c: Context<Env>, errors: readonly RequestFault[]): Response {
  const [first, ...others] = errors;
  const more = others.length === 0 ? "" : ` (and ${others.length} more, see errors)`;
  const detail = first === undefined ? "The request is not valid." : `${describe(first)}${more}`;
  return problem(c, `invalid-${first?.in ?? "body"}`, detail, { errors });
}

function describe({ in: place, at, message }: RequestFault): string {
  const sentence = message.endsWith(".") ? message : `${message}.`;
  if (place === "body") return `${at === "" ? "The body" : at}: ${sentence}`;
  return `${place === "query" ? "Query parameter" : "Header"} ${at}: ${sentence}`;
}
