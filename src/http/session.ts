import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { Config, TokenEntry } from "../config.ts";
import { sha256Hex } from "../ledger/sha256.ts";
import type { EpochMs } from "../time.ts";
import type { Env } from "./platform.ts";

/** A session lasts 12 hours, whatever is done in it. */
const sessionMs = 12 * 3_600_000;

const cookieName = "purge-desk";

/**
 * A session is a signed cookie and nothing on our side: `<token's name>.<fingerprint of its hash>.<end, ms>`. It names
 * the token instead of carrying scopes, so that they are read afresh at each request, and a token that is taken out
 * of PURGE_TOKENS ends its sessions.
 */
export async function startSession(
  c: Context<Env>,
  { config, entry, now, basePath }: SessionOptions & { readonly entry: TokenEntry; readonly now: EpochMs },
): Promise<void> {
  const value = `${entry.name}.${await fingerprintOf(entry)}.${now + sessionMs}`;
  await setSignedCookie(c, cookieName, value, signingKey(config), {
    ...attributes(c, basePath),
    maxAge: sessionMs / 1000,
  });
}

export function endSession(c: Context<Env>, basePath: string): void {
  deleteCookie(c, cookieName, attributes(c, basePath));
}

/** The token whose session the cookie is. `absent`: there is no cookie; `invalid`: forged, over, or token revoked. */
export async function sessionOf(
  c: Context<Env>,
  { config, now }: { readonly config: Config; readonly now: EpochMs },
): Promise<TokenEntry | "absent" | "invalid"> {
  if (config.sessionSecret === undefined) return "absent";
  for (const prefix of isSecure(c) ? (["host", "secure"] as const) : [undefined]) {
    const value = await getSignedCookie(c, signingKey(config), cookieName, prefix);
    if (value === false) return "invalid";
    if (value !== undefined) return (await entryNamedBy(value, config.tokens, now)) ?? "invalid";
  }
  return "absent";
}

type SessionOptions = {
  readonly config: Config;
  /** Without a final slash; empty on a site of its own. */
  readonly basePath: string;
};

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

/** Tells two tokens of one name apart, without giving their hashes away. */
async function fingerprintOf({ sha256 }: TokenEntry): Promise<string> {
  return (await sha256Hex(`session\n${sha256}`)).slice(0, 32);
}

function signingKey({ sessionSecret = "" }: Config): string {
  if (sessionSecret === "") throw new Error("PURGE_SESSION_SECRET is not set");
  return `session\n${sessionSecret}`;
}

/** `__Host-` binds the cookie to this host and `/`; it cannot go with a narrower path. Plain http is for `npm start`. */
function attributes(c: Context<Env>, basePath: string) {
  const common = { httpOnly: true, sameSite: "Lax", path: basePath === "" ? "/" : basePath } as const;
  if (!isSecure(c)) return common;
  return { ...common, secure: true, prefix: basePath === "" ? "host" : "secure" } as const;
}

function isSecure(c: Context<Env>): boolean {
  return new URL(c.req.url).protocol === "https:";
}
