import * as z from "zod/mini";
import { correction, imagekitPurge, profileBody, purgeRequest } from "../http/requests/schemas.ts";
import { maximumLines, maximumPlanLines } from "../rules/limits.ts";
import { answerSchemas, partSchemas } from "./answer-schemas.ts";
import { fieldTexts } from "./field-texts.ts";

/** JSON with the members of JSON Schema that are used here. */
export type Json = {
  [member: string]: unknown;
  properties?: unknown;
  description?: unknown;
  format?: unknown;
  maxItems?: unknown;
};

/** The schemas of requests (closed), answers and their parts (open), by name. */
export function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...answerSchemas, ...partSchemas }))
    registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  const answers = Object.entries(schemas).map(([id, schema]) => [id, withTexts(id, withoutClosing(schema))]);

  return {
    PlanRequest: linesSchema("PlanRequest", maximumPlanLines),
    PurgeRequest: linesSchema("PurgeRequest", maximumLines),
    Correction: withTexts("Correction", jsonSchema(correction, "input")),
    Profile: withTexts("Profile", jsonSchema(profileBody, "input")),
    ImageKitPurge: withTexts("ImageKitPurge", jsonSchema(imagekitPurge, "input")),
    ...Object.fromEntries(answers),
  };
}

/** The body of a plan or a submission, with what is checked outside its schema: how many lines, and what excludes what. */
function linesSchema(id: "PlanRequest" | "PurgeRequest", mostLines: number): Json {
  const request = withTexts(id, jsonSchema(purgeRequest, "input"));
  const { urls, images } = isJson(request.properties) ? request.properties : {};
  for (const lines of [urls, images]) if (isJson(lines)) lines.maxItems = mostLines;
  const some = (name: string) => ({
    required: [name],
    properties: { [name]: { type: "array", minItems: 1 } },
  });
  return {
    ...request,
    anyOf: [some("urls"), some("images")],
    not: { required: ["sendAfter", "settleSeconds"] },
  };
}

export function jsonSchema(schema: z.ZodMiniType, io: "input" | "output"): Json {
  const { $schema: _, "~standard": _standard, ...rest } = z.toJSONSchema(schema, { io });
  return withoutDefaults(withoutPatternOfTimes(rest));
}

/** Code generators make a field with a default a required one. The texts say the defaults. */
function withoutDefaults(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (!isJson(value) || typeof value["type"] !== "string") return value;
    const { default: _, ...rest } = value;
    return rest;
  });
}

/** Answers may gain members: the document does not forbid members that it does not list. */
function withoutClosing(schema: unknown): Json {
  const open = JSON.parse(JSON.stringify(schema), (key, value) =>
    ["additionalProperties", "$schema", "$id"].includes(key) ? undefined : value,
  );
  return withoutPatternOfTimes(isJson(open) ? open : {});
}

/** `format: date-time` is enough; Zod adds a pattern of 300 characters to each time. */
function withoutPatternOfTimes(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (!isJson(value) || value.format !== "date-time") return value;
    const { pattern: _, ...rest } = value;
    return rest;
  });
}

function withTexts(id: string, schema: Json): Json {
  for (const [name, property] of Object.entries(isJson(schema.properties) ? schema.properties : {})) {
    const text =
      fieldTexts[`${id}.${name}`] ?? fieldTexts[`${id.replace(/^Plan(?=Request)/, "Purge")}.${name}`];
    if (text !== undefined && isJson(property)) property.description = text;
  }
  return schema;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
