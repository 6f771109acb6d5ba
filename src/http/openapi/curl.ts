import type { Operation } from "./document.ts";
import { exampleBody, examplesIn } from "./examples.ts";

/**
 * A command that calls a route with the document's examples. The shell has the deployment's address in `PURGE_DESK_URL`
 * and the token in `PURGE_DESK_TOKEN`.
 */
export function curlOf(method: string, path: string, operation: Operation): string {
  const { requestBody, security } = operation;
  const address = examplesIn(operation, "path").reduce(
    (so, { name, value }) => so.replace(`{${name}}`, value),
    path,
  );
  const body = exampleBody(operation);
  const text = requestBody?.content["text/plain"]?.example;
  const data =
    body !== undefined ? dataOf("application/json", JSON.stringify(body)) : dataOf("text/plain", text);
  const words = [
    `curl "$PURGE_DESK_URL${address}"`,
    ...(method === (data.length === 0 ? "get" : "post") ? [] : [`-X ${method.toUpperCase()}`]),
    ...credentialsOf(security),
    ...examplesIn(operation, "header").map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`),
    ...data,
  ];
  return words.join(" \\\n  ");
}

function credentialsOf([first]: Operation["security"]): readonly string[] {
  if (first === undefined) return [];
  return ["key" in first ? '-u "$PURGE_DESK_TOKEN:"' : '-H "Authorization: Bearer $PURGE_DESK_TOKEN"'];
}

function dataOf(type: string, body: string | undefined): readonly string[] {
  return body === undefined ? [] : [`-H 'Content-Type: ${type}'`, `-d ${quoted(body)}`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
