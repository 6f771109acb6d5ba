import document from "./openapi.json" with { type: "json" };
import { problems } from "./problem.ts";
export const docsStyle = "";
export function DocsPage({ basePath }: { readonly basePath: string }) {
  return (
    <p>
      {basePath}
      {document.openapi}
      {problems.internal.title}
    </p>
  );
}
