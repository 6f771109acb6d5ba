/** The only reader of the environment (DESIGN §8). */

import type { LedgerPolicy } from "./ledger/policy.ts";
import type { UrlEndpoint } from "./rules/url-endpoint.ts";

export const scopes = ["read", "purge", "wildcard", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** A named token. `sha256` is the hash (lower-case hex) of the whole token; the token itself is nowhere. */
export type TokenEntry = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sha256: string;
};

export type Config = {
  readonly imagekit: {
    readonly privateKey: string;
    readonly apiBaseUrl: string;
    /** `live`: ImageKit's own base URL, real money. `simulated`: anything else. */
    readonly kind: "live" | "simulated";
  };
  readonly endpoints: readonly UrlEndpoint[];
  /** PURGE_LEDGER; always `sandbox` when ImageKit is simulated. */
  readonly ledgerName: string;
  readonly redis: { readonly url: string; readonly token: string };
  readonly tokens: readonly TokenEntry[];
  readonly sessionSecret?: string | undefined;
  readonly policy: LedgerPolicy;
};
