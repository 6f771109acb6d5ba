import * as z from "zod/mini";

/**
 * Whether an error of `fetch` proves that no byte of the request was sent. Node puts the reason into `cause`; other
 * runtimes tell too little. Anything uncertain counts as sent.
 */
export function isUndelivered(error: unknown): boolean {
  const failure = Failure.safeParse(error);
  if (!failure.success) return false;
  const { cause, errors, syscall, code } = failure.data;

  // Happy Eyeballs makes one attempt for each address: every one must have failed before anything was sent.
  if (errors !== undefined) return errors.length > 0 && errors.every(isUndelivered);
  if (syscall !== undefined) return syscall === "connect" || syscall === "getaddrinfo";
  if (code !== undefined) return unconnectedCodes.has(code) || certificateCodes.has(code);
  return cause !== undefined && isUndelivered(cause);
}

/** What went wrong, in the words of the innermost error that has any. */
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
  /** The system call that failed. It matters because a failed read and a failed connect can have the same code. */
  syscall: z.optional(z.string()),
  cause: z.optional(z.unknown()),
  errors: z.optional(z.array(z.unknown())),
});

/** Even without a `syscall`, these codes occur only before there is a connection. */
const unconnectedCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Node's TLS checks the certificate before the request is written. The names are those of its documentation. */
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
