import type { FieldSchema, OpenApiDocument, Operation } from "./openapi-document.ts";
import { problems } from "./problem.ts";

/** The page's only style; its hash stands in the page's policy. */
export const docsStyle = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f23; --line: #d5d9dd; --soft: #f3f5f6; --accent: #0a6b5e; }
@media (prefers-color-scheme: dark) { :root { --page: #14181b; --text: #e6e9eb; --line: #3a4147; --soft: #1e2429; --accent: #5fd4c2; } }
* { box-sizing: border-box; }
body { background: var(--page); color: var(--text); }
main { margin: 0 auto; padding: 2rem 1rem 6rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; } h3 { margin: 0; font-size: 1rem; }
a { color: var(--accent); } code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: var(--soft); border-radius: .375rem; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
article p { margin: .5rem 0; } .method { color: var(--accent); font-weight: 700; }
table { width: 100%; border-collapse: collapse; } caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 400; white-space: nowrap; } summary { cursor: pointer; }
`;

/** The OpenAPI document for people: routes by subject, then schemas, then what can go wrong. */
export function DocsPage({
  document,
  basePath,
}: {
  readonly document: OpenApiDocument;
  readonly basePath: string;
}) {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${info.title} API`}</title>
        <style dangerouslySetInnerHTML={{ __html: docsStyle }} />
      </head>
      <body>
        <main>
          <h1>{`${info.title} API`}</h1>
          <p>
            <Text>{info.description}</Text>
          </p>
          <p>
            Version {info.version}. The same as <a href={`${basePath}/api/openapi.json`}>OpenAPI 3.1</a>.
          </p>
          {tags.map((tag) => (
            <section>
              <h2>{tag.name}</h2>
              <p>{tag.description}</p>
              {operations
                .filter(({ operation }) => operation.tags.includes(tag.name))
                .map(({ path, method, operation }) => (
                  <OperationCard
                    document={document}
                    path={basePath + path}
                    method={method}
                    operation={operation}
                  />
                ))}
            </section>
          ))}
          <h2>Schemas</h2>
          {Object.entries(components.schemas).map(([name, { properties }]) =>
            properties === undefined ? null : (
              <Rows
                caption={name}
                rows={Object.entries(properties).map(([field, schema]) => [
                  field,
                  `${typeOf(schema)}. ${schema.description ?? ""}`,
                ])}
              />
            ),
          )}
          <h2>Problems</h2>
          <Rows
            caption="Codes"
            rows={Object.entries(problems).map(([code, { status, title }]) => [code, `${status}. ${title}.`])}
          />
        </main>
      </body>
    </html>
  );
}

function OperationCard(props: {
  readonly document: OpenApiDocument;
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}) {
  const { document, path, method, operation } = props;
  const parameters = operation.parameters ?? [];
  const examples = operation.requestBody?.content["application/json"]?.examples ?? {};
  return (
    <article id={operation.operationId}>
      <h3>
        <code>
          <span class="method">{method.toUpperCase()}</span> {path}
        </code>
      </h3>
      <p>
        <Text>{`${operation.summary}. ${operation.description}`}</Text>
      </p>
      {parameters.length > 0 && (
        <Rows
          caption="Parameters"
          rows={parameters.map(({ name, in: place, description }) => [
            name,
            `In the ${place}. ${description}`,
          ])}
        />
      )}
      {Object.entries(examples).map(([name, example]) => (
        <details>
          <summary>Example: {name}</summary>
          <pre>{JSON.stringify("value" in example ? example.value : example, null, 2)}</pre>
        </details>
      ))}
      <Rows
        caption="Answers"
        rows={Object.entries(operation.responses).map(([status, response]) => [
          status,
          "description" in response
            ? response.description
            : (document.components.responses[response.$ref.split("/").at(-1) ?? ""]?.description ?? ""),
        ])}
      />
    </article>
  );
}

function Rows(props: {
  readonly caption: string;
  readonly rows: readonly (readonly [name: string, text: string])[];
}) {
  return (
    <table>
      <caption>{props.caption}</caption>
      <tbody>
        {props.rows.map(([name, text]) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <Text>{text}</Text>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Text in which backticks mark code. */
function Text({ children }: { readonly children: string }) {
  return <>{children.split("`").map((part, index) => (index % 2 === 0 ? part : <code>{part}</code>))}</>;
}

/** What a field holds, in a few words: its values, its type, or the name of its schema. */
function typeOf(schema: FieldSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "";
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  return schema.format === "date-time" ? "time" : (schema.type ?? "any");
}
