import type { ExampleRequest } from "./example-request.ts";

/**
 * A command that makes a request. The shell has the deployment's address in `PURGE_DESK_URL` and the token in
 * `PURGE_DESK_TOKEN`.
 */
export function curlOf({ method, path, credentials, headers, body }: ExampleRequest): string {
  const words = [
    `curl "$PURGE_DESK_URL${path}"`,
    ...(method === (body === undefined ? "GET" : "POST") ? [] : [`-X ${method}`]),
    ...(credentials === "basic" ? ['-u "$PURGE_DESK_TOKEN:"'] : []),
    ...(credentials === "bearer" ? ['-H "Authorization: Bearer $PURGE_DESK_TOKEN"'] : []),
    ...headers.map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quoted("json" in body ? JSON.stringify(body.json) : body.text)}`]),
  ];
  return words.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
