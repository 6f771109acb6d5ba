import { html, raw } from "hono/html";
import { problems } from "../answers/problem.ts";
import type { OpenApiDocument, Operation } from "./document.ts";
import { exampleRequest } from "./example-request.ts";
import { tryIt } from "./try-it.ts";

/** The page's only style; the page's policy allows it by its hash. */
export const docsStyle = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f23; --line: #d5d9dd; --soft: #f3f5f6; --accent: #0a6b5e; }
@media (prefers-color-scheme: dark) { :root { --page: #14181b; --text: #e6e9eb; --line: #3a4147; --soft: #1e2429; --accent: #5fd4c2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main { padding: 1rem; max-width: 60rem; } main { padding-bottom: 6rem; }
h1, h2, h3, h4 { line-height: 1.2; } h1 { margin: .5rem 0 0; } h2 { margin-top: 3rem; } h3 { margin: 0; font-size: 1rem; }
h4 { margin: 1rem 0 .5rem; font-size: 1rem; }
a { color: var(--accent); } :target { outline: 2px solid var(--accent); outline-offset: .25rem; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
code { padding: .1em .3em; background: var(--soft); border-radius: .25rem; } h3 code, pre code { padding: 0; background: none; }
pre { padding: .75rem; background: var(--soft); border-radius: .375rem; white-space: pre-wrap; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
article p { margin: .5rem 0; } .method { color: var(--accent); font-weight: 700; }
table { width: 100%; border-collapse: collapse; } caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem; }
th, td { padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { width: 12rem; font-weight: 400; } summary { padding: .25rem 0; cursor: pointer; }
nav { padding: 1rem; background: var(--soft); } nav ul { margin: 0 0 .75rem; padding: 0; list-style: none; }
nav p { margin: 0; font-weight: 600; } nav li { display: inline-block; margin-right: 1rem; }
nav a { display: block; padding: .125rem 0; font-size: .875rem; }
@media (width >= 64rem) {
  body { display: grid; grid-template: "nav header" "nav main" 1fr / 17rem minmax(0, 1fr); }
  header { grid-area: header; } header, main { padding-inline: 2.5rem; }
  nav { grid-area: nav; position: sticky; top: 0; height: 100vh; overflow: auto; } nav li { display: block; }
}
@media (width < 30rem) { th { width: 7rem; } }
@media print { nav { display: none; } }
`;

/** The OpenAPI document for people: routes by subject, then schemas, then what can go wrong. */
export function docsPage(document: OpenApiDocument, basePath: string) {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path: basePath + path,
      template: path,
      method,
      operation,
    })),
  );
  const subjects = tags.map(
    (tag) =>
      html`<section><h2>${tag.name}</h2><p>${tag.description}</p>${operations
        .filter(({ operation }) => operation.tags.includes(tag.name))
        .map((route) => operationCard(document, route))}</section>`,
  );
  const named = Object.entries(components.schemas).flatMap(([name, { properties }]) =>
    properties === undefined ? [] : [{ name, properties }],
  );
  const schemas = named.map(({ name, properties }) => {
    const fields = Object.entries(properties).map(
      ([field, { description = "" }]) => [field, description] as const,
    );
    return html`<section id="${name}">${rows(name, fields)}</section>`;
  });
  const contents = [
    ...tags.map(({ name }) =>
      links(
        name,
        operations
          .filter(({ operation }) => operation.tags.includes(name))
          .map(({ operation }) => [operation.operationId, operation.summary]),
      ),
    ),
    links(
      "Schemas",
      named.map(({ name }) => [name, name]),
    ),
    links("Problems", [["problems", "Codes"]]),
  ];
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
<body><header><h1>${info.title} API</h1></header><nav aria-label="Contents">${contents}</nav><main>
<p>${marked(info.description)}</p>
<p>What stands under "Try it" runs once the ids in it are those of your own purges and batches; what it changes and spends is
real. It finds this deployment's address in the environment variable <code>PURGE_DESK_URL</code>, and a token in
<code>PURGE_DESK_TOKEN</code>. The code is for Node: save it as <code>try.mjs</code>. <code>purge-desk/client</code> is part of
the package <code>purge-desk</code>.</p>
<p>Version ${info.version}. The same as <a href="${basePath}/api/openapi.json">OpenAPI 3.1</a>.</p>
${subjects}
<h2>Schemas</h2>${schemas}
<h2 id="problems">Problems</h2>${rows("Codes", codes)}
</main></body></html>`;
}

function operationCard(
  { components }: OpenApiDocument,
  route: {
    readonly path: string;
    /** Without the base path, which is part of the deployment's address. */
    readonly template: string;
    readonly method: string;
    readonly operation: Operation;
  },
) {
  const { path, method, operation } = route;
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const inputs = parameters.map(
    ({ name, in: place, description }) => [name, `In the ${place}. ${description}`] as const,
  );
  const examples = Object.entries(requestBody?.content["application/json"]?.examples ?? {}).map(
    ([name, example]) => {
      const summary = `Example: ${example.summary ?? name}`;
      return html`<details><summary>${summary}</summary><pre><code>${JSON.stringify(example.value, null, 2)}</code></pre></details>`;
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
<p>${summary}. ${marked(description)}</p>
${tryIt(operation, exampleRequest(method, route.template, operation))}
${inputs.length > 0 ? rows("Parameters", inputs) : ""}${examples}${rows("Answers", answers)}
</article>`;
}

/** A part of the contents: a heading, and links to elements by their ids. */
function links(heading: string, targets: readonly (readonly [id: string, words: string])[]) {
  const items = targets.map(([id, words]) => html`<li><a href="#${id}">${words}</a></li>`);
  return html`<p>${heading}</p><ul>${items}</ul>`;
}

/** The document's texts are Markdown, of which they use only code spans. */
function marked(text: string) {
  return text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}

function rows(caption: string, pairs: readonly (readonly [name: string, text: string])[]) {
  const lines = pairs.map(
    ([name, text]) => html`<tr><th scope="row"><code>${name}</code></th><td>${marked(text)}</td></tr>`,
  );
  return html`<table><caption>${caption}</caption><tbody>${lines}</tbody></table>`;
}
