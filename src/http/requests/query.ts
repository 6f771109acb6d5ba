import type { Context } from "hono";
import type * as z from "zod/mini";
import { invalidRequest } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { validate } from "./validate.ts";

/** The query's parameters, or the answer that names those that are unknown, wrong or given more than once. */
export function readQuery<T extends z.ZodMiniType>(c: Context<Env>, schema: T): z.output<T> | Response {
  const given = c.req.queries();
  const repeated = Object.keys(given).filter((name) => (given[name]?.length ?? 0) > 1);
  if (repeated.length > 0) {
    const message = "is given more than once";
    return invalidRequest(
      c,
      repeated.slice(0, 20).map((at) => ({ in: "query", at: at.slice(0, 100), message })),
    );
  }
  const validated = validate(schema, c.req.query(), "query");
  return "faults" in validated ? invalidRequest(c, validated.faults) : validated.value;
}
