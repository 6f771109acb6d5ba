/** Makes the OpenAPI 3.1 document from the schemas and descriptions of the routes. */

import * as z from "zod/mini";
import type { Description } from "../http/description.ts";
import { type ProblemCode, problems, problemType } from "../http/problem.ts";
import { description as cancelPurge } from "../http/routes/cancel-purge.ts";
import { description as closePurge } from "../http/routes/close-purge.ts";
import { description as correctBudget } from "../http/routes/correct-budget.ts";
import { description as readDocs } from "../http/routes/docs.tsx";
import { description as readHealth } from "../http/routes/health.ts";
import { description as listPurges } from "../http/routes/list-purges.ts";
import { description as readOpenApi } from "../http/routes/openapi.ts";
import { description as planPurges } from "../http/routes/plan-purges.ts";
import { description as readBatch } from "../http/routes/read-batch.ts";
import { description as readBudget } from "../http/routes/read-budget.ts";
import { description as readPurge } from "../http/routes/read-purge.ts";
import { description as resendPurge } from "../http/routes/resend-purge.ts";
import { description as submitPurges } from "../http/routes/submit-purges.ts";
import { correction, listQuery, maxUrls, purgeRequest } from "../http/schemas.ts";
import { answerSchemas, partSchemas } from "./answers.ts";
import { answerExamples, fieldTexts } from "./examples.ts";

/** Every route, in the order of the document. */
export const descriptions: readonly Description[] = [
  planPurges,
  submitPurges,
  listPurges,
  readPurge,
  cancelPurge,
  resendPurge,
  closePurge,
  readBatch,
  readBudget,
  correctBudget,
  readHealth,
  readOpenApi,
  readDocs,
];

/** JSON with the members of JSON Schema that are looked at here. */
type Json = {
  [member: string]: unknown;
  properties?: unknown;
  description?: unknown;
  format?: unknown;
  maxItems?: unknown;
};

export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const responses: Record<string, Json> = {};
  for (const description of descriptions) {
    const { method, path } = description.endpoint;
    const template = path.replaceAll(/:(\w+)/g, "{$1}");
    paths[template] = { ...paths[template], [method]: operation(description, responses) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Purge Desk",
      version,
      summary: "ImageKit cache purges, budgeted and tracked until Completed.",
      description:
        "Times are ISO 8601 in UTC. Errors are RFC 9457 problems; go by their `code`. In every URL shown, the values of `ik-s` and `ik-t` are masked. There is no CORS: call this from a function, not from a browser.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "This deployment" }],
    tags: [
      { name: "Purges", description: "Plan, submit, watch and steer purges." },
      { name: "Budget", description: "What is left of ImageKit's monthly quota." },
      { name: "Service", description: "Health, and this documentation." },
    ],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "`pd_` and 43 characters, named in PURGE_TOKENS.",
        },
      },
      schemas: componentSchemas(),
      responses,
      examples: Object.fromEntries(
        Object.entries(answerExamples).map(([name, value]) => [name, { summary: `A ${name}`, value }]),
      ),
    },
  };
}

function operation(description: Description, shared: Record<string, Json>): Json {
  const { endpoint, operationId, tag, summary, text, body } = description;
  const scope = endpoint.scope === "none" ? "" : ` Needs the scope \`${endpoint.scope}\`.`;
  const anonymous = operationId === "readHealth" ? [{}, { token: [] }] : [];
  const parameters = parametersOf(description);
  return {
    operationId,
    tags: [tag],
    summary,
    description: text + scope,
    security: endpoint.scope === "none" ? anonymous : [{ token: [] }],
    "x-scope": endpoint.scope,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(body) }),
    responses: { ...answersOf(description), ...problemAnswers(description, shared) },
  };
}

function parametersOf({ endpoint, headers = [], query = {} }: Description): readonly Json[] {
  const kinds = endpoint.path.includes("/batches/") ? "b" : "p";
  const path = endpoint.path.includes(":id")
    ? [
        {
          name: "id",
          in: "path",
          required: true,
          description: kinds === "b" ? "The batch's id." : "The purge's id.",
          schema: { type: "string" },
          example: kinds === "b" ? answerExamples.Batch.id : answerExamples.Purge.id,
        },
      ]
    : [];
  const querySchema = jsonSchema(listQuery, "input");
  const properties: Json = isJson(querySchema.properties) ? querySchema.properties : {};
  return [
    ...path,
    ...Object.entries(query).map(([name, text]) => ({
      name,
      in: "query",
      description: text,
      schema: properties[name],
    })),
    ...headers.map(({ name, text, example }) => ({
      name,
      in: "header",
      description: text,
      schema: { type: "string" },
      example,
    })),
  ];
}

function requestBody({ schema, examples }: NonNullable<Description["body"]>): Json {
  const json = { "application/json": { schema: { $ref: `#/components/schemas/${schema}` }, examples } };
  if (schema === "Correction") return { required: true, content: json };
  const lines = ["https://ik.imagekit.io/demo/shoe.jpg", "https://ik.imagekit.io/demo/boot.jpg", ""].join(
    "\n",
  );
  const text = {
    schema: { type: "string", description: "One URL a line; blank lines are skipped and not counted." },
    example: lines,
  };
  return { required: true, content: { ...json, "text/plain": text } };
}

function answersOf({ answers }: Description): Json {
  const entries = answers.map(({ status, schema, text, headers }) => {
    const type = schema === "Page" ? "text/html" : "application/json";
    const example =
      schema === "Page" || schema === "Document"
        ? {}
        : { examples: { [schema]: { $ref: `#/components/examples/${schema}` } } };
    const headerEntries = Object.entries(headers ?? {}).map(([name, description]) => [
      name,
      { description, schema: { type: "string" } },
    ]);
    const body = {
      description: text,
      ...(headers && { headers: Object.fromEntries(headerEntries) }),
      content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` }, ...example } },
    };
    return [String(status), body];
  });
  return Object.fromEntries(entries);
}

/** Every code the route can answer: its own, and those that come with a token, a body, or any route. */
export function problemCodesOf({ endpoint, body, problems: own }: Description): readonly ProblemCode[] {
  const token = ["unauthorized", "forbidden", "not-live", "ledger-unavailable"] as const;
  const withBody = ["malformed-json", "body-too-large", "unsupported-media-type", "invalid-body"] as const;
  const codes: ProblemCode[] = [...own, "method-not-allowed", "internal", "misconfigured"];
  if (endpoint.scope !== "none") codes.push(...token);
  if (body !== undefined) codes.push(...withBody);
  const isCode = (code: string): code is ProblemCode => code in problems;
  return Object.keys(problems)
    .filter(isCode)
    .filter((code) => codes.includes(code));
}

/** One answer a status, which lists the codes that it can have; kept once under the components. */
function problemAnswers(description: Description, shared: Record<string, Json>): Json {
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

function problemAnswer(codes: readonly ProblemCode[]): Json {
  const constraint = {
    type: "object",
    properties: { code: { enum: codes }, type: { enum: codes.map(problemType) } },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    content: {
      "application/problem+json": {
        schema: { allOf: [{ $ref: "#/components/schemas/Problem" }, constraint] },
      },
    },
  };
}

function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...answerSchemas, ...partSchemas }))
    registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  const answers = Object.entries(schemas).map(([id, schema]) => [id, withTexts(id, withoutClosing(schema))]);

  const request = withTexts("PurgeRequest", jsonSchema(purgeRequest, "input"));
  const { urls } = isJson(request.properties) ? request.properties : {};
  if (isJson(urls)) urls.maxItems = maxUrls;
  return {
    PurgeRequest: request,
    Correction: withTexts("Correction", jsonSchema(correction, "input")),
    ...Object.fromEntries(answers),
  };
}

function jsonSchema(schema: z.ZodMiniType, io: "input" | "output"): Json {
  const { $schema: _, "~standard": _standard, ...rest } = z.toJSONSchema(schema, { io });
  return withoutPatternOfTimes(rest);
}

/** Answers may grow: what they do not list today is not forbidden. */
function withoutClosing(schema: unknown): Json {
  const open = JSON.parse(JSON.stringify(schema), (key, value) =>
    ["additionalProperties", "$schema", "$id"].includes(key) ? undefined : value,
  );
  return withoutPatternOfTimes(isJson(open) ? open : {});
}

/** `format: date-time` says it; Zod's pattern beside it is 300 characters a time. */
function withoutPatternOfTimes(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (!isJson(value) || value.format !== "date-time") return value;
    const { pattern: _, ...rest } = value;
    return rest;
  });
}

function withTexts(id: string, schema: Json): Json {
  for (const [name, property] of Object.entries(isJson(schema.properties) ? schema.properties : {})) {
    const text = fieldTexts[`${id}.${name}`];
    if (text !== undefined && isJson(property)) property.description = text;
  }
  return schema;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
