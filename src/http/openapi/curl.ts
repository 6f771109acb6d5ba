import type { Operation } from "./document.ts";

/**
 * A command that calls a route with the document's examples. The shell has the deployment's address in `PURGE_DESK_URL`
 * and the token in `PURGE_DESK_TOKEN`.
 */
export function curlOf(method: string, path: string, operation: Operation): string {
  const { parameters = [], requestBody, security } = operation;
  const example = (place: string) =>
    parameters.flatMap(({ name, in: where, example }) =>
      where === place && example !== undefined ? [{ name, value: example }] : [],
    );
  const address = example("path").reduce((so, { name, value }) => so.replace(`{${name}}`, value), path);
  const [body] = Object.values(requestBody?.content["application/json"]?.examples ?? {});
  const words = [
    `curl "$PURGE_DESK_URL${address}"`,
    ...(method === "post" && body === undefined ? ["-X POST"] : []),
    ...(security.length > 0 ? ['-H "Authorization: Bearer $PURGE_DESK_TOKEN"'] : []),
    ...example("header").map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body.value))}`]),
  ];
  return words.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
