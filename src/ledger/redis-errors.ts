/**
 * Whether one of our scripts refused the call, so that a rerun would fail too. Redis' own errors (out of memory, read-only
 * replica) name the script as well, so their first word tells them apart.
 */
export function isOwnRefusal(error: Error): boolean {
  if (
    isFull(error) ||
    /^(READONLY|MISCONF|NOREPLICAS|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/.test(error.message)
  ) {
    return false;
  }
  return /NEWERSCHEMA|NOPERIOD|FORBIDDEN|BADINPUT|user_script|WRONGTYPE/.test(error.message);
}

/** The errors of Redis and of Upstash when memory is full. */
export function isFull({ message }: Error): boolean {
  return /^OOM\b|^ERR DB capacity quota exceeded/.test(message);
}

/**
 * Keeps only the words before the first bracket: the client puts the whole command with its URLs into its messages, and
 * Redis quotes the start of a command that it does not know. When a script passes an error on (lib/run.lua), Redis puts
 * `ERR` before the error's own code.
 */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [words = ""] = message.split(/,? ?(?:command was|with args)|[[{<]/i);
  return words.replace(/^ERR (?=[A-Z]{3,} )/, "");
}

/** The error without what the command contained, cut to a length that fits into a log line. */
export function withoutCommand(error: unknown): Error {
  return new Error(messageOf(error).slice(0, 300));
}
