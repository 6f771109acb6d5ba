import { maskSignature } from "./rules/signed-url.ts";
import { type Clock, toIsoTime } from "./time.ts";

export type LogFields = Readonly<Record<string, LogValue>>;
type LogValue = string | number | boolean | undefined | readonly string[];

/** Writes one event. Give URLs masked and no secrets; what slips through is masked here as a last resort. */
export type Log = (event: string, fields?: LogFields) => void;

/** A line is no longer than this: the longest honest one names the 100 purges of a batch. */
const longestLine = 8_000;
const longestText = 1_000;

/**
 * One JSON object a line: `at`, `event`, then the fields, as many as fit (`cut` says that some did not). `secrets`
 * are masked wherever they stand.
 */
export function createJsonLog(sink: {
  readonly clock: Clock;
  readonly write: (line: string) => void;
  readonly secrets?: readonly string[];
}): Log {
  const secrets = (sink.secrets ?? []).filter((secret) => secret.length >= 8);
  const clean = (text: string) =>
    scrub(secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text.slice(0, 4 * longestText)));

  return function jsonLog(event, fields = {}) {
    const members = [member("at", toIsoTime(sink.clock.now())), member("event", event)];
    let room = longestLine - members.join().length - 20;
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      const text = member(name, cleanValue(value, clean));
      room -= text.length + 1;
      if (room < 0) {
        members.push(member("cut", true));
        break;
      }
      members.push(text);
    }
    sink.write(`{${members.join(",")}}`);
  };
}

/** The same log, with these fields on every line that does not say otherwise. */
export function withFields(log: Log, common: LogFields): Log {
  return function logWithFields(event, fields) {
    log(event, { ...common, ...fields });
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
    // Not clipped here: a secret cut in two is masked by nobody.
    errors: chain.map(({ name, message }) => `${name}: ${message.split(/,? ?command was/i)[0]}`),
    stack: frames.slice(0, 5).map((line) => line.trim()),
  };
}

/** A name and its value as JSON in which nothing can move a terminal's cursor, end a line or turn text around. */
function member(name: string, value: Exclude<LogValue, undefined>): string {
  const json = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  return json.replace(/[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu, escapedUnits);
}

function escapedUnits(text: string): string {
  return text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

function cleanValue(value: Exclude<LogValue, undefined>, clean: (text: string) => string) {
  if (typeof value === "string") return clip(clean(value), longestText);
  return typeof value === "object" ? value.map((text) => clip(clean(text), longestText)) : value;
}

/** Masks signatures in URLs, our tokens and ImageKit's keys wherever they stand in a text. */
function scrub(text: string): string {
  return maskSignature(text)
    .replace(/(ik-[st](?:=|%3d))[^&\s#"']+/gi, "$1***")
    .replace(/\bpd_[\w-]{20,}/g, "pd_***")
    .replace(/\bprivate_[\w+/=-]{8,}/g, "private_***");
}

function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
