import type { Context } from "hono";
import type { StoredProfile } from "../../domain/profile.ts";
import type { ExpectedProfile } from "../../use-cases/change-profile.ts";
import { invalidRequest } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { headerSchemas } from "./schemas.ts";

/** The version of a profile as an entity tag. */
export function entityTagOf({ version }: StoredProfile): string {
  return `"${version}"`;
}

/** What `If-Match` and `If-None-Match` say that the caller has seen, or the answer that refuses them. */
export function readExpectedProfile(c: Context<Env>): ExpectedProfile | Response {
  for (const at of ["If-Match", "If-None-Match"] as const) {
    const parsed = headerSchemas[at].safeParse(c.req.header(at) ?? "*");
    const message = parsed.error?.issues[0]?.message ?? "";
    if (!parsed.success) return invalidRequest(c, [{ in: "header", at, message }]);
  }
  const seen = c.req.header("If-Match");
  const isNew = c.req.header("If-None-Match") !== undefined;
  if (seen !== undefined && isNew) {
    const message =
      "cannot be given together with If-Match: one says that the profile exists, the other that it does not";
    return invalidRequest(c, [{ in: "header", at: "If-None-Match", message }]);
  }
  if (isNew) return "absent";
  if (seen === undefined) return undefined;
  return seen === "*" ? "any" : Number(/\d+/.exec(seen)?.[0]);
}
