/** Bodies made from a request schema of the OpenAPI document: valid ones, and the same with every kind of mistake. */

import fc from "fast-check";
import * as z from "zod";
import document from "../../src/http/openapi/openapi.json" with { type: "json" };

const schemaOf = z.object({
  type: z.string(),
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  maximum: z.number().optional(),
  pattern: z.string().optional(),
});

/** Keys that reach an object's prototype, or that code might mistake for its own. */
export const poisonKeys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", ""];

const urlText = fc.oneof(
  { weight: 4, arbitrary: fc.nat(30).map((n) => `https://ik.imagekit.io/demo/${n}.jpg`) },
  fc.constantFrom(
    "https://ik.imagekit.io/demo/a.jpg?ik-t=1900000000&ik-s=fuzz0123456789secret",
    "https://ik.imagekit.io/demo/a.jpg?from=mail%26ik-s=fuzz0123456789secret",
    "https://ik.imagekit.io/demo/a.jpg?of=b.jpg%3Fik-s%3Dfuzz0123456789secret",
    "https://ik.imagekit.io/demo/*",
    "https://ik.imagekit.io/demo/a.jpg*",
    "https://user:password@ik.imagekit.io/demo/a.jpg",
    "javascript:alert(1)",
    "//ik.imagekit.io/demo/a.jpg",
    "https://ik.imagekit.io/demo/../../x",
    "https://ik.imagekit.io/demo/a\r\nHost: evil.example",
    "https://ik.imagekit.io/demo/\u001b[2J\u2028\u202e.jpg",
    "https://ik.imagekit.io/demo/\ud800.jpg",
  ),
  fc.webUrl(),
  fc.string({ unit: "binary" }),
);

/** A value that a schema allows. Texts without a format or a list of choices are often URLs. */
function allowed(schema: unknown): fc.Arbitrary<unknown> {
  const {
    type,
    format,
    properties = {},
    required = [],
    items,
    maximum,
    pattern,
    ...rest
  } = schemaOf.parse(schema);
  if (rest.enum !== undefined) return fc.constantFrom(...rest.enum);
  switch (type) {
    case "object": {
      const members = Object.entries(properties).map(([name, member]) => [name, allowed(member)] as const);
      return fc.record(Object.fromEntries(members), { requiredKeys: required });
    }
    case "array":
      return fc.array(allowed(items), { minLength: 1, maxLength: 4 });
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.nat({ max: maximum ?? 1000 });
    case "string":
      if (format === "date-time") {
        return fc
          .date({ min: new Date(0), max: new Date("2026-01-01"), noInvalidDate: true })
          .map((date) => date.toISOString());
      }
      return pattern === undefined ? urlText : fc.constantFrom("/shop/", "/shop/autumn/", "/0/1/2/");
    default:
      throw new Error(`no values for ${type}`);
  }
}

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(1e308, -0, 1e21, 2 ** 53, -1, 0.5, "x".repeat(600)),
);

/** The value with one of its parts, at any depth, replaced, removed or given a poisoned key. */
function spoilt(
  value: unknown,
  where: readonly number[],
  how: "replace" | "remove" | "poison",
  by: unknown,
  key: string,
): unknown {
  const [at, ...below] = where;
  if (typeof value !== "object" || value === null || at === undefined) {
    return how === "poison" ? poisoned({ value }, key, by) : by;
  }
  const entries = Object.entries(value);
  const index = at % (entries.length + 1);
  const chosen = entries[index];
  if (chosen === undefined) return how === "replace" ? by : poisoned(value, key, by);
  if (how === "remove" && below.length === 0) entries.splice(index, 1);
  else entries[index] = [chosen[0], spoilt(chosen[1], below, how, by, key)];
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** Adds `__proto__` as an own key, as JSON.parse does. */
function poisoned(value: object, key: string, by: unknown): unknown {
  const target: unknown = Array.isArray(value) ? [...value, {}] : { ...value };
  if (typeof target !== "object" || target === null) return by;
  const holder = Array.isArray(target) ? target.at(-1) : target;
  Object.defineProperty(holder, key, { value: by, enumerable: true, configurable: true, writable: true });
  return target;
}

/** The body as text: valid, wrong in one part, or not JSON. */
export function bodiesOf(
  name: "PlanRequest" | "PurgeRequest" | "Correction" | "Profile",
): fc.Arbitrary<string> {
  const valid = allowed(document.components.schemas[name]);
  const mutated = fc
    .tuple(
      valid,
      fc.array(fc.nat(20), { maxLength: 3 }),
      fc.constantFrom("replace", "remove", "poison"),
      anyJson,
      fc.constantFrom(...poisonKeys),
    )
    .map(([value, where, how, by, key]) => JSON.stringify(spoilt(value, where, how, by, key)) ?? "");
  const broken = fc
    .tuple(
      valid.map((value) => JSON.stringify(value)),
      fc.nat(),
      fc.string({ unit: "binary", maxLength: 4 }),
    )
    .map(
      ([text, at, noise]) =>
        text.slice(0, at % text.length) + noise + text.slice((at % text.length) + (at % 3)),
    );
  return fc.oneof(
    { weight: 1, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 6, arbitrary: mutated },
    { weight: 2, arbitrary: broken },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  );
}
