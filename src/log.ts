import { type Clock, toIsoTime } from "./time.ts";

export type LogFields = Readonly<Record<string, LogValue>>;
type LogValue = string | number | boolean | undefined | readonly string[];

/** Writes one event. Give URLs masked and no secrets; what slips through is masked here as a last resort. */
export type Log = (event: string, fields?: LogFields) => void;

/** The same log, with these fields on every line that does not say otherwise. */
export function withFields(log: Log, common: LogFields): Log {
  return function logWithFields(event, fields) {
    log(event, { ...common, ...fields });
  };
}

/** One JSON object a line: `at`, `event`, then the fields. */
export function createJsonLog(sink: { readonly clock: Clock; readonly write: (line: string) => void }): Log {
  return function jsonLog(event, fields = {}) {
    const clean = Object.entries(fields).map(([name, value]) => [name, scrubValue(value)]);
    sink.write(JSON.stringify({ at: toIsoTime(sink.clock.now()), event, ...Object.fromEntries(clean) }));
  };
}

/**
 * What may be said of a thrown value: names and messages down its causes, and where it happened. A Redis
 * client's message carries the whole command, which is cut off.
 */
export function errorFields(thrown: unknown): LogFields {
  const chain: Error[] = [];
  let cause = thrown;
  while (cause instanceof Error && chain.length < 5) {
    chain.push(cause);
    cause = cause.cause;
  }
  const frames = (chain[0]?.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    error: chain.length === 0 ? `thrown ${typeof thrown}` : undefined,
    errors: chain.map(({ name, message }) => `${name}: ${clip(message.split(/,? ?command was/i)[0] ?? "")}`),
    stack: frames.slice(0, 5).map((line) => line.trim()),
  };
}

function scrubValue(value: LogValue): LogValue {
  if (typeof value === "string") return scrub(value);
  return typeof value === "object" ? value.map(scrub) : value;
}

/** Masks signatures in URLs, our tokens and ImageKit's keys wherever they stand in a text. */
function scrub(text: string): string {
  return text
    .replace(/(ik-[st](?:=|%3d))[^&\s#"']+/gi, "$1***")
    .replace(/\bpd_[\w-]{20,}/g, "pd_***")
    .replace(/\bprivate_[\w+/=-]{8,}/g, "private_***");
}

function clip(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
