import { html } from "hono/html";
import { curlOf } from "./curl.ts";
import type { Operation } from "./document.ts";
import { type ExampleCode, exampleCodeOf } from "./example-code.ts";
import type { ExampleRequest } from "./example-request.ts";

const introductions: Readonly<Record<ExampleCode["through"], unknown>> = {
  client: "With the client:",
  sdk: html`With ImageKit's SDK. Put this deployment's address into <code>IMAGE_KIT_BASE_URL</code> and a token into
<code>IMAGEKIT_PRIVATE_KEY</code>:`,
  fetch: html`The client has no method for this. With <code>fetch</code>:`,
};

/** A route's command and code, ready to copy. */
export function tryIt(operation: Operation, request: ExampleRequest) {
  const { through, code } = exampleCodeOf(operation, request);
  return html`<h4>Try it</h4>
<p>In a shell:</p>
<pre><code>${curlOf(request)}</code></pre>
<p>${introductions[through]}</p>
<pre><code>${code}</code></pre>`;
}
