import type { Operation } from "./document.ts";
import { exampleBody, examplesIn } from "./examples.ts";

/** How code calls a route with `desk`, a client (`purgeDesk()`), for the routes for which the client has a method. */
const calls: Readonly<Record<string, (values: readonly string[]) => string>> = {
  planPurges: ([request]) => `const plan = await desk.plan(${request});`,
  submitPurges: ([request, key]) => `const submission = await desk.purge(${request}, { key: ${key} });`,
  listPurges: () => 'for await (const purge of desk.purges({ state: "pending" })) console.log(purge.url);',
  readPurge: ([id]) => `const purge = await desk.read(${id});`,
  cancelPurge: ([id]) => `const purge = await desk.cancel(${id});`,
  readBatch: ([id]) => `const batch = await desk.batch(${id});`,
  readBudget: () => "const budget = await desk.budget();",
  listProfiles: () => "const { profiles } = await desk.profiles();",
};

/** The same call as `curlOf` makes, with the client; undefined if the client has no method for the route. */
export function clientCallOf(operation: Operation): string | undefined {
  const body = exampleBody(operation);
  const named = [...examplesIn(operation, "path"), ...examplesIn(operation, "header")];
  const values = named.map(({ value }) => JSON.stringify(value));
  return calls[operation.operationId]?.(body === undefined ? values : [literal(body), ...values]);
}

/** JSON as a person writes it in code: on one line, names without quotation marks. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (!(value instanceof Object)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${literal(field)}`);
  return `{ ${fields.join(", ")} }`;
}
