/** What a test may do to a request on its way to Redis, or to the answer on its way back. */

export type RedisRequest = {
  readonly path: string;
  /** Every command of the request: its name in upper case, then its arguments. */
  readonly commands: readonly (readonly string[])[];
};

/**
 * - `lose-request`: nothing is executed, the connection breaks
 * - `lose-reply`: everything is executed, the connection breaks
 * - `status`: answered instead of executed; with `executed`, after it was executed
 * - `refused`: not executed; the error that Redis would answer
 * - `delayMs`: executed so much later
 * - `replyAfter`: executed at once, answered when the promise is settled
 */
export type RedisFault =
  | "pass"
  | "lose-request"
  | "lose-reply"
  | { readonly status: number; readonly executed?: true }
  | { readonly refused: string }
  | { readonly delayMs: number }
  | { readonly replyAfter: Promise<unknown> };

/** Asked once for each authorized request. A promise holds the request back until it is settled. */
export type RedisFaultHook = (request: RedisRequest) => RedisFault | Promise<RedisFault>;
