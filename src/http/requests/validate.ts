import type * as z from "zod/mini";
import type { RequestFault } from "../answers/problem.ts";

export type Validated<T> = { readonly value: T } | { readonly faults: readonly RequestFault[] };

/** Parses a part of a request, and names every field that is wrong or unknown. */
export function validate<T extends z.ZodMiniType>(
  schema: T,
  input: unknown,
  place: RequestFault["in"],
): Validated<z.output<T>> {
  const parsed = schema.safeParse(input, { error: whatWouldPass });
  if (parsed.success) return { value: parsed.data };
  const unknown = `is not a known ${place === "body" ? "field" : "parameter"}`;
  const faults = parsed.error.issues.flatMap((issue): readonly RequestFault[] => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") return [fault(path, `${issue.message.slice(0, 200)}`)];
    return issue.keys.slice(0, 10).map((key) => fault([...path, key.slice(0, 100)], unknown));
  });
  return { faults: faults.slice(0, 20) };

  function fault(path: readonly string[], message: string): RequestFault {
    return { in: place, at: place === "body" ? jsonPointer(path) : path.join("."), message };
  }
}

function jsonPointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Says what would pass. Zod's own messages say only what is wrong, and `zod/mini` does not load them. */
function whatWouldPass(issue: z.core.$ZodRawIssue): string {
  const unit = issue.origin === "array" ? " items" : issue.origin === "string" ? " characters" : "";
  const be = unit === "" ? "be" : "have";
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is required";
      return issue.expected === "int" ? "must be a whole number" : `must be of type ${issue.expected}`;
    case "too_small":
      return unit !== "" && issue.minimum === 1
        ? "must not be empty"
        : `must ${be} at least ${issue.minimum}${unit}`;
    case "too_big":
      return `must ${be} at most ${issue.maximum}${unit}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "invalid_format":
      return issue.format === "datetime"
        ? "must be a time such as 2026-11-23T18:00:00Z"
        : `must match ${issue.pattern}`;
    default:
      return "is not valid";
  }
}
