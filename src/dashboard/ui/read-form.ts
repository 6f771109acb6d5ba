import type { Context } from "hono";
import type { Env } from "../../http/context.ts";
import { maxBodyBytes, readUpTo } from "../../http/requests/body.ts";
import type { DashboardContext } from "./context.ts";
import { refusalPage } from "./refusal-pages.tsx";

/** The fields of a posted form, the first of each name; or the page that refuses it. */
export async function readForm(
  c: Context<Env>,
  dashboard: DashboardContext,
): Promise<ReadonlyMap<string, string> | Response> {
  const [type] = (c.req.header("Content-Type") ?? "").split(";");
  if (type?.trim().toLowerCase() !== "application/x-www-form-urlencoded") {
    return refusalPage(c, dashboard, {
      code: "unsupported-media-type",
      title: "This form cannot be read",
      text: "Submit it from its own page. Nothing was done.",
      caller: c.get("caller"),
    });
  }
  const bytes = await readUpTo(c.req.raw, maxBodyBytes);
  if (bytes === "too-large" || bytes === "late") {
    return refusalPage(c, dashboard, {
      code: bytes === "late" ? "body-timeout" : "body-too-large",
      title: bytes === "late" ? "This form did not arrive in time" : "This form is too large",
      text: `A form can have at most ${maxBodyBytes} bytes, and must arrive within 10 seconds. Nothing was done.`,
      caller: c.get("caller"),
    });
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) {
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}
