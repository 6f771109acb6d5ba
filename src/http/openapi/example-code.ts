import type { Operation } from "./document.ts";
import type { ExampleRequest } from "./example-request.ts";
import { exampleBody, examplesIn } from "./examples.ts";

/** JavaScript that calls a route and prints the answer, and what it calls the route with. */
export type ExampleCode = { readonly through: "client" | "sdk" | "fetch"; readonly code: string };

type Call = (values: readonly string[]) => string;

/** For the routes for which the client has a method. `desk` is a client. */
const withClient: Readonly<Record<string, Call>> = {
  planPurges: ([request]) => `console.log(await desk.plan(${request}));`,
  submitPurges: ([request, key]) => `console.log(await desk.purge(${request}, { key: ${key} }));`,
  listPurges: ([query]) =>
    `for await (const { url, state } of desk.purges(${query})) console.log(url, state);`,
  readPurge: ([id]) => `console.log(await desk.read(${id}));`,
  cancelPurge: ([id]) => `console.log(await desk.cancel(${id}));`,
  readBatch: ([id, prefer]) =>
    `// As it is now, then how far it is when all has ended or the time is over.
console.log(await desk.batch(${id}));
console.log(await desk.wait(${id}, { timeoutMs: ${millisecondsIn(prefer)} }));`,
  readBudget: () => "console.log(await desk.budget());",
  listProfiles: () => "console.log(await desk.profiles());",
};

/** For the routes of ImageKit's own API. */
const withSdk: Readonly<Record<string, Call>> = {
  dropInPurge: ([request]) => `console.log(await invalidation.create(${request}));`,
  dropInStatus: ([id]) => `console.log(await invalidation.get(${id}));`,
};

/** The same call as the command of `curlOf` makes: with the client, else with ImageKit's SDK, else with `fetch`. */
export function exampleCodeOf(operation: Operation, request: ExampleRequest): ExampleCode {
  const values = valuesOf(operation);
  const ofClient = withClient[operation.operationId]?.(values);
  if (ofClient !== undefined) {
    const code = `import { purgeDesk } from "purge-desk/client";\n\nconst desk = purgeDesk();\n${ofClient}`;
    return { through: "client", code };
  }
  const ofSdk = withSdk[operation.operationId]?.(values);
  if (ofSdk !== undefined) {
    const code = `import ImageKit from "@imagekit/nodejs";\n\nconst { invalidation } = new ImageKit().cache;\n${ofSdk}`;
    return { through: "sdk", code };
  }
  return { through: "fetch", code: fetchOf(request) };
}

/** As code: the body, the query, and each value in the path and the headers. */
function valuesOf(operation: Operation): readonly string[] {
  const body = exampleBody(operation);
  const query = examplesIn(operation, "query").map(({ name, value }) => [name, value] as const);
  const named = [...examplesIn(operation, "path"), ...examplesIn(operation, "header")];
  return [
    ...(body === undefined ? [] : [literal(body)]),
    ...(query.length === 0 ? [] : [literal(Object.fromEntries(query))]),
    ...named.map(({ value }) => JSON.stringify(value)),
  ];
}

function fetchOf({ method, path, credentials, headers, body }: ExampleRequest): string {
  const fields = [
    // No route that needs Basic credentials is called with fetch: ImageKit's SDK calls those.
    ...(credentials === undefined ? [] : [`Authorization: \`Bearer \${process.env.PURGE_DESK_TOKEN}\``]),
    ...headers.map(({ name, value }) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
  ];
  const options = [
    ...(method === "GET" ? [] : [`method: "${method}"`]),
    ...(fields.length === 0 ? [] : [`headers: ${block(fields)}`]),
    ...(body === undefined
      ? []
      : [`body: ${"json" in body ? `JSON.stringify(${literal(body.json)})` : JSON.stringify(body.text)}`]),
  ];
  const init = options.length === 0 ? "" : `, ${block(options)}`;
  return `const answer = await fetch(\`\${process.env.PURGE_DESK_URL}${path}\`${init});
console.log(answer.status, await answer.text());`;
}

/** The time in `"wait=20"`, the value of the header `Prefer`. */
function millisecondsIn(prefer = ""): number {
  return Number(/\d+/.exec(prefer)?.[0]) * 1000;
}

/** An object with each field on a line of its own. */
function block(fields: readonly string[]): string {
  const lines = fields.map((field) => `  ${field.replaceAll("\n", "\n  ")},\n`);
  return `{\n${lines.join("")}}`;
}

/** JSON as a person writes it in code: on one line, names without quotation marks. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (!(value instanceof Object)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${literal(field)}`);
  return `{ ${fields.join(", ")} }`;
}
