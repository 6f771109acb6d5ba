import type * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import type { RequestFault } from "./problem.ts";

export type Validated<T> = { readonly value: T } | { readonly faults: readonly RequestFault[] };

/** Parses a part of a request and says of every field what is wrong with it; unknown fields are named. */
export function validate<T extends z.ZodMiniType>(
  schema: T,
  input: unknown,
  place: RequestFault["in"],
): Validated<z.output<T>> {
  const parsed = schema.safeParse(input, { error: en().localeError });
  if (parsed.success) return { value: parsed.data };
  const faults = parsed.error.issues.flatMap((issue): readonly RequestFault[] => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") return [fault(path, `${issue.message.slice(0, 200)}`)];
    return issue.keys.slice(0, 10).map((key) => fault([...path, key.slice(0, 100)], "is not a known field"));
  });
  return { faults: faults.slice(0, 20) };

  function fault(path: readonly string[], message: string): RequestFault {
    return { in: place, at: place === "body" ? jsonPointer(path) : path.join("."), message };
  }
}

function jsonPointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
