import type { Context } from "hono";
import type { Env } from "../../http/context.ts";
import { maxBodyBytes } from "../../http/requests/body.ts";
import { type DashboardContext, linkTo } from "./context.ts";
import { readForm } from "./read-form.ts";
import { showSignIn } from "./sign-in-page.tsx";

/** Room for what the sign-in form adds, below the limit of a form: the token, and where to continue. */
const signInBytes = 4_096;

/**
 * What somebody typed into the form of a new request whose session has ended. The fields go through the sign-in page as
 * hidden ones, never through an address or a cookie, and come back to the form, which submits nothing until asked again.
 */
export function carriedRequest(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (!fields.has("urls")) return new Map();
  const own = [...fields].filter(([name]) => !["token", "next", "intent"].includes(name));
  return new Map([...own, ["intent", "resumed"]]);
}

/** Asks to sign in, and keeps the posted form of a new request. Undefined if it is too long to be kept. */
export async function signInWithRequest(
  c: Context<Env>,
  dashboard: DashboardContext,
): Promise<Response | undefined> {
  const fields = await readForm(c, dashboard);
  if (fields instanceof Response) return fields;
  const carried = carriedRequest(fields);
  const bytes = new URLSearchParams([...carried]).toString().length;
  if (carried.size === 0 || bytes > maxBodyBytes - signInBytes) return undefined;
  c.set("problemCode", "unauthorized");
  const { pathname, search } = new URL(c.req.url);
  return showSignIn(c, dashboard, { next: pathname + search, carried }, 401);
}

/** Whether a place, made safe already, is the form of a new request. */
export function isNewRequest(dashboard: DashboardContext, place: string): boolean {
  return place.split("?")[0] === linkTo(dashboard, "/new");
}
