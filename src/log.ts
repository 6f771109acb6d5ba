import { secretMask, shortestRun } from "./domain/secrets.ts";
import { type Clock, toIsoTime } from "./domain/time.ts";
import { maskSignature } from "./rules/signed-url.ts";

export type LogFields = Readonly<Record<string, LogValue>>;
type LogValue = string | number | boolean | undefined | readonly string[];

/** Writes one event. Pass masked URLs and no secrets; whatever slips through is masked here as a last resort. */
export type Log = (event: string, fields?: LogFields) => void;

/** A line has at most this many characters: the longest legitimate one names the 100 purges of a batch. */
const longestLine = 8_000;
const longestText = 1_000;
/** A longer text is cut here before it is masked. */
const lookedAt = 4_000;

/**
 * One JSON object per line: `at`, `event`, then the fields. A line that would be too long keeps only the ids and `cut`.
 * `secrets` and parts of them are masked anywhere, and no character can move a terminal's cursor or reverse its text.
 */
export function createJsonLog(sink: {
  readonly clock: Clock;
  readonly write: (line: string) => void;
  readonly secrets?: readonly string[];
}): Log {
  const { clock, write } = sink;
  const mask = secretMask(sink.secrets ?? []);
  const clean = (_: string, value: unknown) => {
    if (typeof value !== "string") return value;
    const masked = scrub(mask(value.slice(0, lookedAt)));
    // The cut may have left a secret's first characters, too few to be recognised.
    return clip(value.length > lookedAt ? masked.slice(0, -shortestRun) : masked);
  };
  return function jsonLog(event, fields = {}) {
    const line = (more: LogFields) =>
      JSON.stringify({ at: toIsoTime(clock.now()), event, ...more }, clean).replace(unprintable, escaped);
    const whole = line(fields);
    const { requestId, purgeId, batchId } = fields;
    write(whole.length > longestLine ? line({ requestId, purgeId, batchId, cut: true }) : whole);
  };
}

/** The same log with these fields on every line, unless the line sets them itself. */
export function withFields(log: Log, common: LogFields): Log {
  return function logWithFields(event, fields) {
    log(event, { ...common, ...fields });
  };
}

/**
 * What the log may say about a thrown value: names and messages of its causes, and where it happened. A Redis client's
 * message contains the whole command, which is cut off.
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
    // Not clipped here: a secret that is cut in two would not be masked.
    errors: chain.map(({ name, message }) => `${name}: ${message.split(/,? ?command was/i)[0]}`),
    stack: frames.slice(0, 5).map((line) => line.trim()),
  };
}

/** Characters that JSON does not escape. */
const unprintable = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

function escaped(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Masks signatures in URLs, credentials, our tokens and ImageKit's keys anywhere in a text. */
function scrub(text: string): string {
  return maskSignature(text)
    .replace(/\b(basic|bearer)\s+[\w+/=.~-]{8,}/gi, "$1 ***")
    .replace(/\bpd_[\w-]{8,}/g, "pd_***")
    .replace(/\bprivate_[\w+/=-]{8,}/g, "private_***");
}

function clip(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
