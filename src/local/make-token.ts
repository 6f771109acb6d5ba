/** Tokens of callers: the token that a caller keeps, and the entry in PURGE_TOKENS with its name, scopes and SHA-256. */

import { createHash, randomBytes } from "node:crypto";
import { type Scope, scopes } from "../domain/caller.ts";

export type TokenRequest = { readonly name: string; readonly scopes: readonly Scope[] };

export type MadeToken = {
  /** `pd_` + 43 base64url characters. Kept nowhere. */
  readonly token: string;
  /** `name:scope+scope:sha256hex`. */
  readonly entry: string;
};

/** Makes a token of 256 random bits, so that an unsalted hash gives nothing away. */
export function makeToken(request: TokenRequest): MadeToken {
  const token = `pd_${randomBytes(32).toString("base64url")}`;
  const sha256 = createHash("sha256").update(token).digest("hex");
  return { token, entry: `${request.name}:${request.scopes.join("+")}:${sha256}` };
}

/** Reads `name scope scope…` (or `scope+scope`); every problem is a sentence. */
export function readTokenRequest(
  words: readonly string[],
): TokenRequest | { readonly problems: readonly string[] } {
  const [name = "", ...rest] = words;
  const asked = rest.flatMap((word) => word.split("+"));
  const unknown = asked.filter((word) => !scopes.some((scope) => scope === word));
  const problems = [
    ...(/^[a-z0-9-]{1,32}$/.test(name) ? [] : ["The name must be 1 to 32 of a-z, 0-9 and -."]),
    ...(asked.length === 0 ? ["At least one scope is needed."] : []),
    ...unknown.map((word) => `There is no scope ${JSON.stringify(word)}.`),
  ];
  if (problems.length > 0) return { problems };
  return { name, scopes: scopes.filter((scope) => asked.includes(scope)) };
}
