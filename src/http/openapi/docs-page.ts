import { html, raw } from "hono/html";
import { problems } from "../answers/problem.ts";
import type { OpenApiDocument, Operation } from "./document.ts";

/** The page's only style; the page's policy allows it by its hash. */
export const docsStyle = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f23; --line: #d5d9dd; --soft: #f3f5f6; --accent: #0a6b5e; }
@media (prefers-color-scheme: dark) { :root { --page: #14181b; --text: #e6e9eb; --line: #3a4147; --soft: #1e2429; --accent: #5fd4c2; } }
* { box-sizing: border-box; }
body { background: var(--page); color: var(--text); }
main { margin: 0 auto; padding: 2rem 1rem 6rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; } h3 { margin: 0; font-size: 1rem; }
a { color: var(--accent); } code, pre { font: .875rem/1.5 ui-monospace, monospace; }
body { overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .75rem; background: var(--soft); border-radius: .375rem; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
article p { margin: .5rem 0; } .method { color: var(--accent); font-weight: 700; }
table { width: 100%; border-collapse: collapse; } caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 400; white-space: nowrap; } summary { cursor: pointer; }
`;

/** The OpenAPI document for people: routes by subject, then schemas, then what can go wrong. */
export function docsPage(document: OpenApiDocument, basePath: string) {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path: basePath + path, method, operation })),
  );
  const subjects = tags.map(
    (tag) =>
      html`<section><h2>${tag.name}</h2><p>${tag.description}</p>${operations
        .filter(({ operation }) => operation.tags.includes(tag.name))
        .map((route) => operationCard(document, route))}</section>`,
  );
  const schemas = Object.entries(components.schemas).map(([name, { properties }]) =>
    properties === undefined
      ? ""
      : rows(
          name,
          Object.entries(properties).map(([field, { description = "" }]) => [field, description]),
        ),
  );
  const codes = Object.entries(problems).map(
    ([code, { status, title }]) => [code, `${status}. ${title}.`] as const,
  );
  return html`<!doctype html><html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API</title>
<style>${raw(docsStyle)}</style>
</head>
<body><main>
<h1>${info.title} API</h1>
<p>${info.description}</p>
<p>Version ${info.version}. The same as <a href="${basePath}/api/openapi.json">OpenAPI 3.1</a>.</p>
${subjects}
<h2>Schemas</h2>${schemas}
<h2>Problems</h2>${rows("Codes", codes)}
</main></body></html>`;
}

function operationCard(
  { components }: OpenApiDocument,
  route: { readonly path: string; readonly method: string; readonly operation: Operation },
) {
  const { path, method, operation } = route;
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const inputs = parameters.map(
    ({ name, in: place, description }) => [name, `In the ${place}. ${description}`] as const,
  );
  const examples = Object.entries(requestBody?.content["application/json"]?.examples ?? {}).map(
    ([name, example]) => {
      const value = "value" in example ? example.value : example;
      return html`<details><summary>Example: ${name}</summary><pre>${JSON.stringify(value, null, 2)}</pre></details>`;
    },
  );
  const answers = Object.entries(responses).map(([status, response]) => {
    const shared =
      "$ref" in response ? components.responses[response.$ref.split("/").at(-1) ?? ""] : response;
    return [status, shared?.description ?? ""] as const;
  });
  return html`
<article id="${operationId}">
<h3><code><span class="method">${method.toUpperCase()}</span> ${path}</code></h3>
<p>${summary}. ${description}</p>
${inputs.length > 0 ? rows("Parameters", inputs) : ""}${examples}${rows("Answers", answers)}
</article>`;
}

function rows(caption: string, pairs: readonly (readonly [name: string, text: string])[]) {
  const lines = pairs.map(
    ([name, text]) => html`<tr><th scope="row"><code>${name}</code></th><td>${text}</td></tr>`,
  );
  return html`<table><caption>${caption}</caption><tbody>${lines}</tbody></table>`;
}
