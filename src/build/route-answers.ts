/** What a route answers, as its OpenAPI operation says it: its own answers, and every problem that it can end in. */

import { imagekitWords } from "../http/answers/imagekit-error.ts";
import { type ProblemCode, problems, problemType } from "../http/answers/problem.ts";
import type { AnswerName, Description } from "../http/openapi/description.ts";
import type { Json } from "./json-schemas.ts";

/** Whether the route is one of ImageKit's own API, with its errors. */
export function isImageKits({ route }: Pick<Description, "route">): boolean {
  return route.path.startsWith("/v1/");
}

/** What the route answers when all went well, by status. */
export function answersOf(description: Description): Json {
  const onEvery = isImageKits(description) ? imagekitRequestId : {};
  const entries = description.answers.map(({ status, schema, text, headers }) => {
    const content = schema === undefined ? {} : { content: contentOf(schema) };
    return [String(status), { description: text, ...headersOf({ ...onEvery, ...headers }), ...content }];
  });
  return Object.fromEntries(entries);
}

function contentOf(schema: AnswerName): Json {
  const type = schema === "Page" ? "text/html" : "application/json";
  const example =
    schema === "Page" || schema === "Document"
      ? {}
      : { examples: { [schema]: { $ref: `#/components/examples/${schema}` } } };
  return { [type]: { schema: { $ref: `#/components/schemas/${schema}` }, ...example } };
}

function headersOf(texts: Readonly<Record<string, string>> = {}): Json {
  const entries = Object.entries(texts).map(([name, description]) => [
    name,
    { description, schema: { type: "string" } },
  ]);
  return entries.length === 0 ? {} : { headers: Object.fromEntries(entries) };
}

/** Headers that are ignored if they say nothing. */
const neverRefused: ReadonlySet<string> = new Set(["Prefer", "X-Stainless-Retry-Count"]);

/** Every code the route can answer: its own, and those of any route, a token or a body. */
export function problemCodesOf({
  route,
  body,
  headers,
  query,
  problems: own,
}: Description): readonly ProblemCode[] {
  const token = ["unauthorized", "forbidden", "not-live", "ledger-unavailable"] as const;
  const withBody = ["body-timeout", "body-too-large", "unsupported-media-type", "invalid-body"] as const;
  const codes: ProblemCode[] = [...own, "method-not-allowed", "rate-limited", "internal", "misconfigured"];
  if (route.scope !== "none") codes.push(...token);
  if (body !== undefined) codes.push(...withBody);
  if (body !== undefined && body.schema !== "Text") codes.push("malformed-json");
  if (headers?.some(({ name }) => !neverRefused.has(name))) codes.push("invalid-header");
  if (query !== undefined) codes.push("invalid-query");
  const isCode = (code: string): code is ProblemCode => code in problems;
  return Object.keys(problems)
    .filter(isCode)
    .filter((code) => codes.includes(code));
}

/** One answer per status, which lists its possible codes; shared answers are stored once under the components. */
export function problemAnswers(description: Description, shared: Record<string, Json>): Json {
  const codes = problemCodesOf(description);
  const isOfImageKit = isImageKits(description);
  const statusOf = isOfImageKit ? imagekitStatusOf : (code: ProblemCode) => problems[code].status;
  const statuses = new Set(codes.map(statusOf));
  const entries = [...statuses].map((status) => {
    const ofStatus = codes.filter((code) => statusOf(code) === status);
    const name = [...(isOfImageKit ? ["imagekit"] : []), ...ofStatus].join(".");
    shared[name] = isOfImageKit ? imagekitErrorAnswer(ofStatus) : problemAnswer(ofStatus);
    return [String(status), { $ref: `#/components/responses/${name}` }];
  });
  return Object.fromEntries(entries);
}

/** The status of a problem in ImageKit's API. */
export function imagekitStatusOf(code: ProblemCode): number {
  return imagekitWords[code]?.status ?? problems[code].status;
}

const retryAfter = { "Retry-After": "Try again after this many seconds." };

/** Headers that a code adds to those of every answer. */
export const problemHeaders: Partial<Record<ProblemCode, Readonly<Record<string, string>>>> = {
  unauthorized: { "WWW-Authenticate": "`Bearer`, with `invalid_token` when credentials were sent." },
  "method-not-allowed": { Allow: "The methods that are allowed." },
  "unsupported-media-type": { "Accept-Post": "The content types that are accepted." },
  "rate-limited": retryAfter,
  "ledger-unavailable": retryAfter,
};

/** Where several codes share a status, the text says with which of them a header comes. */
function headersWith(code: ProblemCode, codes: readonly ProblemCode[]): Readonly<Record<string, string>> {
  const entries = Object.entries(problemHeaders[code] ?? {});
  const only = codes.length === 1 ? "" : `Only with \`${code}\`. `;
  return Object.fromEntries(entries.map(([name, text]) => [name, only + text]));
}

function problemAnswer(codes: readonly ProblemCode[]): Json {
  const headers = headersOf(Object.assign({}, ...codes.map((code) => headersWith(code, codes))));
  const constraint = {
    type: "object",
    properties: { code: { enum: codes }, type: { enum: codes.map(problemType) } },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    ...headers,
    content: {
      "application/problem+json": {
        schema: { allOf: [{ $ref: "#/components/schemas/Problem" }, constraint] },
      },
    },
  };
}

const imagekitRequestId = { "x-ik-requestId": "The request's id, as `X-Request-Id`." };

const notAgain = { "x-should-retry": "`false`: an SDK must not resend it." };

/** Headers that a code adds in ImageKit's API. */
export const imagekitHeaders: Partial<Record<ProblemCode, Readonly<Record<string, string>>>> = {
  "method-not-allowed": problemHeaders["method-not-allowed"] ?? {},
  "unsupported-media-type": problemHeaders["unsupported-media-type"] ?? {},
  "rate-limited": {
    "X-RateLimit-Limit": "How many requests at once the caller's rate allows.",
    "X-RateLimit-Reset": "Try again after this many milliseconds.",
    "X-RateLimit-Interval": "In this many milliseconds the whole limit is free again.",
    "Retry-After": "The same in seconds, if it is at most 10 s.",
    "x-should-retry": "`false` if it is longer, or if the service is too busy to look at a purge.",
  },
  "budget-exhausted": notAgain,
  "body-timeout": notAgain,
  "not-live": notAgain,
  misconfigured: notAgain,
  "ledger-unavailable": { "x-should-retry": "`false` while Redis is full." },
};

/** An error of ImageKit's API: its sentence where it has one. */
function imagekitErrorAnswer(codes: readonly ProblemCode[]): Json {
  const sentences = codes.map((code) => imagekitWords[code]?.message ?? `${problems[code].title}.`);
  const headers = Object.assign({}, imagekitRequestId, ...codes.map((code) => imagekitHeaders[code] ?? {}));
  return {
    description: [...new Set(sentences)].join(" "),
    ...headersOf(headers),
    content: contentOf("ImageKitError"),
  };
}
