import type { UrlEndpoint } from "./url-endpoint.ts";
import type { LineVerdict } from "./verdict.ts";

/** Stand-in until the rules are merged. */
export function planLines(inputs: readonly string[], endpoints: readonly UrlEndpoint[]): readonly LineVerdict[] {
  return inputs.map((input, index) => {
    const line = index + 1;
    const isKnown = endpoints.some(({ host, path }) => input.startsWith(`https://${host}${path}/`));
    if (!isKnown) {
      return {
        line,
        input,
        verdict: "rejected",
        violations: [{ code: "unknown-endpoint", message: `${input} is not below a configured endpoint` }],
      };
    }
    const first = inputs.indexOf(input);
    if (first < index) return { line, input, verdict: "duplicate", of: first + 1 };
    return {
      line,
      input,
      verdict: "accepted",
      url: input,
      kind: input.endsWith("*") ? "wildcard" : "exact",
      warnings: [],
    };
  });
}
