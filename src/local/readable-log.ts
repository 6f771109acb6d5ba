/** The log of `npm start` on a terminal: one line an event, for people. Elsewhere it stays JSON, as on Netlify. */

import * as z from "zod";
import { printable } from "./printable.ts";

type Level = "debug" | "info" | "warn" | "error";
type Fields = Readonly<Record<string, unknown>>;

export type ReadableLogOptions = {
  /** Colours a level; absent: no colour. */
  readonly paint?: ((level: Level, text: string) => string) | undefined;
};

const lineSchema = z.looseObject({ at: z.iso.datetime(), event: z.string() });

/**
 * One line of the JSON log as `time level what-happened who ids`: local time, ids cut to their last characters, and
 * at last whatever the event has besides. What was masked stays masked, and nothing moves a terminal's cursor. A line
 * that is no event is handed on as it is.
 */
export function readableLine(line: string, { paint = (_, text) => text }: ReadableLogOptions = {}): string {
  const parsed = lineSchema.safeParse(parsedJson(line));
  if (!parsed.success) return line;
  const { at, event, ...fields } = parsed.data;
  const { requestId, batchId, purgeId, actor, ...rest } = fields;
  const level = levelOf(event, fields);
  const { text, left } = describe(event, rest, actor);
  const words = [
    timeOf(at),
    paint(level, level.padEnd(5)),
    text,
    actor === undefined ? "" : `for ${show(actor)}`,
    ...[purgeId, batchId, requestId].map((id) => (typeof id === "string" ? shortId(id) : "")),
    ...Object.entries(left).map(([name, value]) => `${name}=${show(value)}`),
  ];
  return words.filter((word) => word !== "").join("  ");
}

/** What an event says in words, and the fields that are not in them. */
function describe(
  event: string,
  fields: Fields,
  actor: unknown,
): { readonly text: string; readonly left: Fields } {
  const { durationMs, ...rest } = fields;
  const took = durationMs === undefined ? "" : ` (${show(durationMs)} ms)`;
  switch (event) {
    case "request": {
      const { method, path, status, ...left } = rest;
      return { text: `${show(method)} ${show(path)} ${show(status)}${took}`, left };
    }
    case "purge": {
      const { state, cause, by, ...left } = rest;
      // The actor stands in the line already, and the cause says what the service or ImageKit did.
      const isSaid = by === "purge-desk" || by === "imagekit" || by === actor;
      return { text: `purge ${show(state)}: ${show(cause)}`, left: isSaid ? left : { by, ...left } };
    }
    case "batch-reserved": {
      const { units, purgeIds, ...left } = rest;
      const count = Array.isArray(purgeIds) ? purgeIds.length : 0;
      return { text: `batch accepted: purges ${count}, units ${show(units)}`, left };
    }
    case "sweep": {
      const { report, nextRun, ...left } = rest;
      return { text: `sweep${took}: ${show(report)}`, left };
    }
    default: {
      const { outcome, cause, errors, stack, ...left } = rest;
      const why = [outcome, cause, errors].filter((part) => part !== undefined).map(show);
      return {
        text: `${show(event.replaceAll("-", " "))}${took}${why.length > 0 ? `: ${why.join(", ")}` : ""}`,
        left,
      };
    }
  }
}

const failures = new Set([
  "failed",
  "misconfigured",
  "ledger-unavailable",
  "sweep-failed",
  "background-failed",
]);
const warnings = new Set([
  "batch-left-to-sweep",
  "checks-failed",
  "readings-lost",
  "sweep-skipped",
  "repeating",
]);
const badNews = new Set(["held", "overdue", "unknown", "refused", "abandoned"]);

function levelOf(event: string, { status, state, outcome }: Fields): Level {
  if (failures.has(event) || (typeof status === "number" && status >= 500)) return "error";
  if (warnings.has(event)) return "warn";
  if (typeof status === "number" && status >= 400) return "warn";
  if (event === "purge" && typeof state === "string" && badNews.has(state)) return "warn";
  if (event === "edge-check") return outcome === "stale" ? "warn" : "debug";
  return event.startsWith("imagekit-") ? "debug" : "info";
}

/** `p_…` and the last characters, by which `npm run inspect` finds it too. */
function shortId(id: string): string {
  return /^[a-z]_[0-9a-z]{26}$/.test(id) ? `${id.slice(0, 2)}…${id.slice(-6)}` : show(id);
}

function timeOf(at: string): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.map(show).join(" ← ");
  return printable(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
