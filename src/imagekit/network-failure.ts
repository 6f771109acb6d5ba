import * as z from "zod/mini";

/**
 * Whether an error of `fetch` proves that not one byte of the request left. Node hangs what happened into
 * `cause`; other runtimes say too little, and what is not certain counts as sent.
 */
export function isUndelivered(error: unknown): boolean {
  const failure = Failure.safeParse(error);
  if (!failure.success) return false;
  const { cause, errors, syscall, code } = failure.data;

  // Happy eyeballs: one attempt for each address, all of which must have come to nothing.
  if (errors !== undefined) return errors.length > 0 && errors.every(isUndelivered);
  if (syscall !== undefined) return syscall === "connect" || syscall === "getaddrinfo";
  if (code !== undefined) return unconnectedCodes.has(code) || certificateCodes.has(code);
  return cause !== undefined && isUndelivered(cause);
}

/** What went wrong, from the innermost error that says something. */
export function describeFailure(error: unknown): string {
  const failure = Failure.safeParse(error);
  if (!failure.success) return "the network failed";
  const { cause, errors, code, message } = failure.data;
  const inner = errors?.[0] ?? cause;
  if (inner !== undefined) return describeFailure(inner);
  if (message === undefined || message === "") return code ?? "the network failed";
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}

const Failure = z.object({
  message: z.optional(z.string()),
  code: z.optional(z.string()),
  /** Of a system error: the call that failed. A reset read and a refused connect can share a code. */
  syscall: z.optional(z.string()),
  cause: z.optional(z.unknown()),
  errors: z.optional(z.array(z.unknown())),
});

/** Without a `syscall`, these still happen only before there is a connection. */
const unconnectedCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The certificate is judged before the request is written (Node's TLS; names as in its documentation). */
const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
