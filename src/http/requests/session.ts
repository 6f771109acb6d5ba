import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { Config } from "../../config.ts";
import { sha256Hex } from "../../domain/sha256.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { TokenEntry } from "../../setting-values.ts";
import type { Env } from "../context.ts";

/** A session lasts 12 hours, however much it is used. */
const sessionMs = 12 * 3_600_000;

const cookieName = "purge-desk";

/**
 * A session is a signed cookie; the server stores nothing: `<token's name>.<fingerprint of its hash>.<end, ms>`. The cookie
 * names the token and carries no scopes, so that each request reads the current scopes, and removing a token from
 * PURGE_TOKENS ends its sessions.
 */
export async function startSession(
  c: Context<Env>,
  { config, entry, now }: SessionNow & { readonly entry: TokenEntry },
): Promise<void> {
  const value = `${entry.name}.${await fingerprintOf(entry)}.${now + sessionMs}`;
  await setSignedCookie(c, cookieName, value, signingKey(config), {
    ...attributes(c),
    maxAge: sessionMs / 1000,
  });
}

export function endSession(c: Context<Env>): void {
  deleteCookie(c, cookieName, attributes(c));
}

/** The token that the session belongs to. `absent`: no cookie; `invalid`: forged, expired, or its token is revoked. */
export async function sessionOf(
  c: Context<Env>,
  { config, now }: SessionNow,
): Promise<TokenEntry | "absent" | "invalid"> {
  if (config.sessionSecret === undefined) return "absent";
  const value = await getSignedCookie(c, signingKey(config), cookieName, prefixOf(c));
  if (value === undefined) return "absent";
  return (value && (await entryNamedBy(value, config.tokens, now))) || "invalid";
}

/** Whether a request that may change something comes from our own pages, by its Origin. Reads need no such proof. */
export function hasOwnOrigin(c: Context<Env>): boolean {
  if (c.req.method === "GET" || c.req.method === "HEAD") return true;
  return c.req.header("Origin") === new URL(c.req.url).origin;
}

type SessionNow = { readonly config: Config; readonly now: EpochMs };

async function entryNamedBy(
  value: string,
  tokens: readonly TokenEntry[],
  now: EpochMs,
): Promise<TokenEntry | undefined> {
  const [name, fingerprint, end = "0"] = value.split(".");
  if (now >= Number(end)) return undefined;
  for (const entry of tokens) {
    if (entry.name === name && (await fingerprintOf(entry)) === fingerprint) return entry;
  }
  return undefined;
}

/** Tells two tokens of one name apart without revealing their hashes. */
async function fingerprintOf({ sha256 }: TokenEntry): Promise<string> {
  return (await sha256Hex(`session\n${sha256}`)).slice(0, 32);
}

function signingKey({ sessionSecret = "" }: Config): string {
  if (sessionSecret === "") throw new Error("PURGE_SESSION_SECRET is not set");
  return `session\n${sessionSecret}`;
}

function attributes(c: Context<Env>) {
  const basePath = c.get("basePath");
  const common = { httpOnly: true, sameSite: "Lax", path: basePath === "" ? "/" : basePath } as const;
  const prefix = prefixOf(c);
  return prefix === undefined ? common : { ...common, secure: true, prefix };
}

/**
 * `__Host-` binds the cookie to this host and the path `/`, so that no other site of the domain can set one; it does not
 * allow a narrower path. Plain http is for `npm start`.
 */
function prefixOf(c: Context<Env>): "host" | "secure" | undefined {
  if (new URL(c.req.url).protocol !== "https:") return undefined;
  return c.get("basePath") === "" ? "host" : "secure";
}
