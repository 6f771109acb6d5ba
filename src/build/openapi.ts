/** Makes the OpenAPI 3.1 document from the schemas and descriptions of the routes. */

import type { Description } from "../http/openapi/description.ts";
import { headerSchemas, listQuery, planQuery } from "../http/requests/schemas.ts";
import { description as cancelBatch } from "../http/routes/cancel-batch.ts";
import { description as cancelPurge } from "../http/routes/cancel-purge.ts";
import { description as closePurge } from "../http/routes/close-purge.ts";
import { description as correctBudget } from "../http/routes/correct-budget.ts";
import { description as deleteProfile } from "../http/routes/delete-profile.ts";
import { description as readDocs } from "../http/routes/docs.ts";
import { description as dropInPurge } from "../http/routes/drop-in-purge.ts";
import { description as dropInStatus } from "../http/routes/drop-in-status.ts";
import { description as readHealth } from "../http/routes/health.ts";
import { description as learnProfiles } from "../http/routes/learn-profiles.ts";
import { description as listProfiles } from "../http/routes/list-profiles.ts";
import { description as listPurges } from "../http/routes/list-purges.ts";
import { description as readOpenApi } from "../http/routes/openapi.ts";
import { description as planPurges } from "../http/routes/plan-purges.ts";
import { description as putProfile } from "../http/routes/put-profile.ts";
import { description as readBatch } from "../http/routes/read-batch.ts";
import { description as readBudget } from "../http/routes/read-budget.ts";
import { description as readPurge } from "../http/routes/read-purge.ts";
import { description as resendPurge } from "../http/routes/resend-purge.ts";
import { description as submitPurges } from "../http/routes/submit-purges.ts";
import { description as tryNow } from "../http/routes/try-now.ts";
import { answerExamples } from "./examples.ts";
import { componentSchemas, isJson, type Json, jsonSchema } from "./json-schemas.ts";
import { answersOf, isImageKits, problemAnswers } from "./route-answers.ts";

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
  cancelBatch,
  listProfiles,
  putProfile,
  deleteProfile,
  learnProfiles,
  readBudget,
  correctBudget,
  dropInPurge,
  dropInStatus,
  readHealth,
  tryNow,
  readOpenApi,
  readDocs,
];

/** The whole OpenAPI 3.1 document, made of the routes' descriptions and the schemas that check the requests. */
export function makeOpenApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const responses: Record<string, Json> = {};
  for (const description of descriptions) {
    const { method, path } = description.route;
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
        "Times are ISO 8601 in UTC. Errors are RFC 9457 problems; branch on their `code`. Below `/v1` both calls of ImageKit's own purge API are served, with its errors. In every URL shown, the values of `ik-s` and `ik-t` are masked. There is no CORS: call the API from a function, not from a browser.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "This deployment" }],
    tags: [
      { name: "Purges", description: "Plan, submit, watch, cancel, resend and close purges." },
      { name: "Profiles", description: "How the shop's pages build the URLs of its images." },
      { name: "Budget", description: "What is left of ImageKit's monthly quota." },
      {
        name: "ImageKit's API",
        description: "The two calls of ImageKit's purge API, for its unchanged SDKs.",
      },
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
        key: {
          type: "http",
          scheme: "basic",
          description: "A token as the user, and any password: where ImageKit's API takes its private key.",
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
  const { route, operationId, tag, summary, text, body } = description;
  const scope = route.scope === "none" ? "" : ` Needs the scope \`${route.scope}\`.`;
  const anonymous = operationId === "readHealth" ? [{}, { token: [] }] : [];
  const credentials = isImageKits(description) ? [{ key: [] }] : [{ token: [] }];
  const parameters = parametersOf(description);
  return {
    operationId,
    tags: [tag],
    summary,
    description: text + scope,
    security: route.scope === "none" ? anonymous : credentials,
    "x-scope": route.scope,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(body) }),
    responses: { ...answersOf(description), ...problemAnswers(description, shared) },
  };
}

/** What a path names, by its first part. */
const pathParameters: Readonly<Record<string, { readonly text: string; readonly example: string }>> = {
  purges: { text: "The purge's id.", example: answerExamples.Purge.id },
  batches: { text: "The batch's id.", example: answerExamples.Batch.id },
  files: {
    text: "The id that a purge was answered with here, or ImageKit's own.",
    example: answerExamples.ImageKitAccepted.requestId,
  },
  profiles: {
    text: "The profile's name: 1 to 32 of a-z, 0-9 and `-`.",
    example: answerExamples.StoredProfile.name,
  },
};

function parametersOf({ route, headers = [], query = {}, queryExamples = {} }: Description): readonly Json[] {
  const [, , subject = ""] = route.path.split("/");
  const { text: description, example } = pathParameters[subject] ?? {};
  const path = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    description,
    schema: { type: "string" },
    example,
  }));
  // What a parameter is read as: its text is checked first, so that `limit` is an integer and nothing else.
  const querySchema = jsonSchema(route.method === "get" ? listQuery : planQuery, "output");
  const properties: Json = isJson(querySchema.properties) ? querySchema.properties : {};
  return [
    ...path,
    ...Object.entries(query).map(([name, text]) => ({
      name,
      in: "query",
      description: text,
      schema: properties[name],
      example: queryExamples[name],
    })),
    ...headers.map(({ name, text, example }) => ({
      name,
      in: "header",
      description: text,
      schema: jsonSchema(headerSchemas[name], "input"),
      example,
    })),
  ];
}

function requestBody(body: NonNullable<Description["body"]>): Json {
  if (body.schema === "Text") {
    const { text: description, example } = body;
    return {
      required: true,
      content: { "text/plain": { schema: { type: "string", description }, example } },
    };
  }
  const { schema, examples } = body;
  const json = { "application/json": { schema: { $ref: `#/components/schemas/${schema}` }, examples } };
  if (schema !== "PlanRequest" && schema !== "PurgeRequest") return { required: true, content: json };
  const lines = ["https://ik.imagekit.io/demo/shoe.jpg", "https://ik.imagekit.io/demo/boot.jpg", ""].join(
    "\n",
  );
  const description =
    "One URL per line, or one image with `?as=images`; blank lines are skipped and not counted.";
  const text = { schema: { type: "string", description }, example: lines };
  return { required: true, content: { ...json, "text/plain": text } };
}
