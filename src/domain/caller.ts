/** What a token may do. Which scope implies which: `grantedBy` in http/middleware/require-scope.ts. */
export const scopes = ["read", "purge", "wildcard", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** Who makes a request: the name of a token, and every scope it has, implied ones included. */
export type Caller = { readonly name: string; readonly scopes: readonly Scope[] };
