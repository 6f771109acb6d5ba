import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { answerSchemas } from "../../src/build/answer-schemas.ts";
import { answerExamples } from "../../src/build/examples.ts";
import { fieldTexts } from "../../src/build/field-texts.ts";
import { componentSchemas } from "../../src/build/json-schemas.ts";
import { descriptions } from "../../src/build/openapi.ts";
import { currentOpenApi, openApiFile } from "../../src/build/write-openapi.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import { openApiDocument } from "../../src/http/openapi/document.ts";
import { correction, imagekitPurge, profileBody, purgeRequest } from "../../src/http/requests/schemas.ts";
import { createServices } from "../../src/services.ts";
import { configOf, environmentOfTests } from "../support/app.ts";

test("the OpenAPI document in the repository, and the one that is served, are what the schemas give today", async () => {
  const current = JSON.parse(JSON.stringify(await currentOpenApi()));
  expect(JSON.parse(await readFile(openApiFile, "utf8"))).toEqual(current);
  expect(await openApiDocument()).toEqual(current);
});

test("every route of the app is in the document, and none besides", () => {
  const app = createApp(createServices(configOf(environmentOfTests)), [apiRoutes]);
  const ofApp = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const described = descriptions.map(({ route }) => `${route.method.toUpperCase()} ${route.path}`);
  expect([...new Set(ofApp)].sort()).toEqual([...described].sort());
});

test.each(Object.entries(answerExamples))("the example of the answer %s is valid", (name, example) => {
  const schema = Object.entries(answerSchemas).find(([each]) => each === name)?.[1];
  expect(schema?.safeParse(example)).toMatchObject({ success: true });
});

const bodySchemas = {
  PlanRequest: purgeRequest,
  PurgeRequest: purgeRequest,
  Correction: correction,
  Profile: profileBody,
  ImageKitPurge: imagekitPurge,
} as const;

const jsonBodies = descriptions.flatMap(({ operationId, body }) =>
  body === undefined || body.schema === "Text" ? [] : [{ operationId, body }],
);

test.each(jsonBodies)("$operationId has examples of its body, and each is valid", ({ body }) => {
  const examples = Object.values(body.examples);
  expect(examples).not.toEqual([]);
  for (const { value } of examples)
    expect(bodySchemas[body.schema].safeParse(value)).toMatchObject({ success: true });
});

test("every text about a field is about one that exists", () => {
  const schemas = JSON.parse(JSON.stringify(componentSchemas()));
  expect(fieldTexts).not.toEqual({});
  for (const key of Object.keys(fieldTexts)) {
    const [schema = "", field = ""] = key.split(".");
    expect(schemas[schema]?.properties, key).toHaveProperty(field);
  }
});

test("no request has a default, which generators would make a required field, nor a pattern that needs a flag", async () => {
  const document = await openApiDocument();
  const found = { defaults: 0, patterns: [] as string[] };
  JSON.stringify(document, (key, value) => {
    if (key === "default") found.defaults += 1;
    if (key === "pattern" && typeof value === "string") found.patterns.push(value);
    return value;
  });
  expect(found.defaults).toBe(0);
  expect(found.patterns.length).toBeGreaterThan(0);
  expect(found.patterns.filter((pattern) => /\\[pP]\{|\(\?/.test(pattern))).toEqual([]);
});
