/**
 * What became of a call to ImageKit, told apart by what it means for the money (facts: ImageKit's answers).
 * `message` is what ImageKit or the network said, at most 300 characters, without credentials.
 */

/** What became of one `POST /v1/files/purge`. */
export type SendOutcome =
  /** 2xx with a request id: ImageKit has it. */
  | { readonly outcome: "accepted"; readonly status: number; readonly imagekitRequestId: string }
  /** 400 in ImageKit's documented words: it will never take this URL. */
  | { readonly outcome: "refused"; readonly status: number; readonly message: string }
  /** 429. `resetMs` is `X-RateLimit-Reset`, when it was there and a number. */
  | { readonly outcome: "throttled"; readonly resetMs?: number | undefined; readonly message: string }
  /** 401 or 403: our key, not this purge. */
  | { readonly outcome: "unauthorized"; readonly status: number; readonly message: string }
  /** Any other 3xx or 4xx, and a 400 in other words: not taken, and worth an alarm that quotes it. */
  | { readonly outcome: "unexpected"; readonly status: number; readonly message: string }
  /** No connection was made (refused, DNS): no byte left, nothing can have been spent. */
  | { readonly outcome: "unreachable"; readonly message: string }
  /** The bytes may have left and no usable answer came back: time-out, reset, 5xx. */
  | { readonly outcome: "unknown"; readonly message: string }
  /** 2xx without a request id: taken, most likely, but it cannot be followed. Never resent by itself. */
  | { readonly outcome: "untraceable"; readonly status: number; readonly message: string };

/** What became of one `GET /v1/files/purge/{requestId}`. */
export type PollOutcome =
  | { readonly outcome: "completed" }
  | { readonly outcome: "pending" }
  /** 400: ImageKit does not know the id (yet). Says nothing about the purge. */
  | { readonly outcome: "unknown-id"; readonly message: string }
  | { readonly outcome: "throttled"; readonly resetMs?: number | undefined; readonly message: string }
  | { readonly outcome: "unauthorized"; readonly status: number; readonly message: string }
  | { readonly outcome: "unexpected"; readonly status: number; readonly message: string }
  | { readonly outcome: "unreachable"; readonly message: string }
  /** Time-out, reset, 5xx, or an answer that makes no sense. */
  | { readonly outcome: "failed"; readonly message: string };
