import type { Operation } from "./document.ts";
import { exampleBody, examplesIn } from "./examples.ts";

/** A request to a route, made of the document's examples. */
export type ExampleRequest = {
  readonly method: string;
  /** Below the deployment's address. */
  readonly path: string;
  readonly credentials: "bearer" | "basic" | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: { readonly json: unknown } | { readonly text: string } | undefined;
};

export function exampleRequest(method: string, path: string, operation: Operation): ExampleRequest {
  const { requestBody, security } = operation;
  const address = examplesIn(operation, "path").reduce(
    (so, { name, value }) => so.replace(`{${name}}`, value),
    path,
  );
  const query = examplesIn(operation, "query").map(
    ({ name, value }) => `${name}=${encodeURIComponent(value)}`,
  );
  const json = exampleBody(operation);
  const text = requestBody?.content["text/plain"]?.example;
  const body = json !== undefined ? { json } : text !== undefined ? { text } : undefined;
  const type = body && ("json" in body ? "application/json" : "text/plain");
  return {
    method: method.toUpperCase(),
    path: query.length === 0 ? address : `${address}?${query.join("&")}`,
    credentials: credentialsOf(security),
    headers: [
      ...examplesIn(operation, "header"),
      ...(type === undefined ? [] : [{ name: "Content-Type", value: type }]),
    ],
    body,
  };
}

function credentialsOf([first]: Operation["security"]): ExampleRequest["credentials"] {
  if (first === undefined) return undefined;
  return "key" in first ? "basic" : "bearer";
}
