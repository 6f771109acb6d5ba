/** The only reader of the environment (DESIGN §8). */

export const scopes = ["read", "purge", "wildcard", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** A named token. `sha256` is the hash (lower-case hex) of the whole token; the token itself is nowhere. */
export type TokenEntry = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sha256: string;
};

/** So many a second sustained, so many at once; over all instances. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** A prefix from which the account serves: scheme-less host (lower case) and path without a final slash. */
export type UrlEndpoint = { readonly host: string; readonly path: string };

/** What the ledger's decisions depend on. */
export type LedgerPolicy = {
  readonly quota: number;
  readonly margin: number;
  readonly resendUnknown: "once" | "never";
  readonly refusedCosts: "unit" | "nothing";
  /** IANA time zone and day of the month (1–28…31; clamped to a short month's last day) of the turn. */
  readonly timeZone: string;
  readonly resetDay: number;
  readonly retentionDays: number;
  readonly sendRate: Rate | "off";
  readonly pollRate: Rate | "off";
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
