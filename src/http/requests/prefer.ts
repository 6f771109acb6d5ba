/** The longest wait in seconds: well within the time that Netlify gives a function. */
const maxWaitSeconds = 25;

/**
 * `wait` of a Prefer header (RFC 7240): whole seconds, clamped. As the RFC says, the first of several counts,
 * and a value that cannot be understood is ignored.
 */
export function preferredWaitSeconds(header: string | undefined): number | undefined {
  for (const preference of (header ?? "").split(",")) {
    const [, name, value] = /^\s*([\w-]+)\s*(?:=\s*"?([^";]*)"?)?\s*(?:;.*)?$/.exec(preference) ?? [];
    if (name?.toLowerCase() !== "wait") continue;
    return /^\d{1,9}$/.test(value ?? "") ? Math.min(Number(value), maxWaitSeconds) : undefined;
  }
  return undefined;
}
