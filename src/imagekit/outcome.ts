/**
 * The outcomes of a call to ImageKit, told apart by what they mean for the purge's unit. `message` is ImageKit's or
 * the network's explanation: at most 300 characters, without credentials.
 */

/** The outcome of one `POST /v1/files/purge`. */
export type SendOutcome =
  /** 2xx with a request id: ImageKit accepted it. */
  | { readonly outcome: "accepted"; readonly status: number; readonly imagekitRequestId: string }
  /** 400 in ImageKit's documented words: it will never accept this URL. */
  | { readonly outcome: "refused"; readonly status: number; readonly message: string }
  /** 429. `resetMs` is `X-RateLimit-Reset`, if it was sent and is a number. */
  | { readonly outcome: "throttled"; readonly resetMs?: number | undefined; readonly message: string }
  /** 401 or 403: ImageKit rejects our key, not this purge. */
  | { readonly outcome: "unauthorized"; readonly status: number; readonly message: string }
  /** Any other 3xx or 4xx, and a 400 in other words: not accepted. An alarm quotes it. */
  | { readonly outcome: "unexpected"; readonly status: number; readonly message: string }
  /** No connection was made (refused, DNS): nothing was sent, so nothing was spent. */
  | { readonly outcome: "unreachable"; readonly message: string }
  /** The request may have been sent, and no usable answer came back: time-out, reset, 5xx. */
  | { readonly outcome: "unknown"; readonly message: string }
  /** 2xx without a request id: most likely accepted, but it cannot be tracked. Never resent automatically. */
  | { readonly outcome: "untraceable"; readonly status: number; readonly message: string };

/** The outcome of one `GET /v1/files/purge/{requestId}`. */
export type PollOutcome =
  | { readonly outcome: "completed" }
  | { readonly outcome: "pending" }
  /** 400: ImageKit does not know the id (yet). This says nothing about the purge. */
  | { readonly outcome: "unknown-id"; readonly message: string }
  | { readonly outcome: "throttled"; readonly resetMs?: number | undefined; readonly message: string }
  | { readonly outcome: "unauthorized"; readonly status: number; readonly message: string }
  | { readonly outcome: "unexpected"; readonly status: number; readonly message: string }
  | { readonly outcome: "unreachable"; readonly message: string }
  /** Time-out, reset, 5xx, or an answer that cannot be understood. */
  | { readonly outcome: "failed"; readonly message: string };
