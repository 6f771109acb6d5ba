/** What a route answers, as its OpenAPI operation says it: its own answers, and every problem that it can end in. */

import { type ProblemCode, problems, problemType } from "../http/answers/problem.ts";
import type { AnswerName, Description } from "../http/openapi/description.ts";
import type { Json } from "./json-schemas.ts";

/** What the route answers when all went well, by status. */
export function answersOf({ answers }: Description): Json {
  const entries = answers.map(({ status, schema, text, headers }) => {
    const content = schema === undefined ? {} : { content: contentOf(schema) };
    return [String(status), { description: text, ...headersOf(headers), ...content }];
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
  if (headers?.some(({ name }) => name !== "Prefer")) codes.push("invalid-header");
  if (query !== undefined) codes.push("invalid-query");
  const isCode = (code: string): code is ProblemCode => code in problems;
  return Object.keys(problems)
    .filter(isCode)
    .filter((code) => codes.includes(code));
}

/** One answer per status, which lists its possible codes; shared answers are stored once under the components. */
export function problemAnswers(description: Description, shared: Record<string, Json>): Json {
  const codes = problemCodesOf(description);
  const statuses = new Set(codes.map((code) => problems[code].status));
  const entries = [...statuses].map((status) => {
    const ofStatus = codes.filter((code) => problems[code].status === status);
    const name = ofStatus.join(".");
    shared[name] = problemAnswer(ofStatus);
    return [String(status), { $ref: `#/components/responses/${name}` }];
  });
  return Object.fromEntries(entries);
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
