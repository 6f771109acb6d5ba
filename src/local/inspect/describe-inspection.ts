import { isTerminal, type PurgeState } from "../../domain/purge.ts";
import { type EpochMs, toIsoTime } from "../../domain/time.ts";
import { printable } from "../printable.ts";
import type { BatchInspection, Inspection, PurgeInspection, QueueName } from "./inspect.ts";

/** An inspection in lines for a terminal. What contradicts itself is marked with `!`. */
export function describeInspection(inspection: Inspection): string {
  return inspection.what === "purge" ? describePurge(inspection) : describeBatch(inspection);
}

/** The queue that an open purge must be in. A queued one whose time has come may still be in `scheduled`. */
const queueOf: Readonly<Partial<Record<PurgeState, QueueName>>> = {
  held: "held",
  queued: "send",
  sending: "settle",
  unknown: "settle",
  pending: "poll",
  overdue: "poll",
};

function describePurge(inspection: PurgeInspection): string {
  const { record, now } = inspection;
  const spent = record.spentUnits ?? [];
  const months = spent.map(({ month }) => toIsoTime(month).slice(0, 10)).join(", ");
  return page([
    [`Purge ${record.id}`, record.state],
    ["url", `${record.url} (${record.kind})`],
    ["actor", record.actor],
    ["reason", record.reason],
    ["ImageKit's id", record.imagekitRequestId],
    ["attempts", `${record.attempts} sends begun, ${record.checks} status checks answered`],
    ["not before", notBeforeLine(inspection)],
    ["error", record.error && `${record.error.code}: ${record.error.message}`],
    ["alarm", record.alarm],
    ["edge check", edgeLine(inspection)],
    ["queue", queueLine(inspection)],
    ["lease", leaseLine(inspection)],
    [
      "units",
      `${record.units}: ${record.units - spent.length} reserved, ${spent.length} spent` +
        (spent.length > 0 ? ` (in the month that began ${months})` : ""),
    ],
    ["pointer", pointerLine(inspection)],
    ["kept until", keptUntil(inspection.expiresAt, isTerminal(record.state) && record.alarm === undefined)],
    ...inspection.batches.map(({ id, actor, waits }): Row => {
      const wrong = waits === isTerminal(record.state) ? "! " : "";
      return ["batch", `${wrong}${id} of ${actor}, ${waits ? "waits for it" : "does not wait for it"}`];
    }),
    ["timeline", `now ${toIsoTime(now)}`],
    ...record.timeline.map(
      ({ at, state, by, note }): Row => ["", `${toIsoTime(at)}  ${state}  ${by}: ${note}`],
    ),
  ]);
}

function notBeforeLine({ record, now }: PurgeInspection): string | undefined {
  if (record.sendAt === undefined) return undefined;
  const why = record.isScheduled ? "its scheduled time" : "until then other requests may share it";
  return `${moment(record.sendAt, now)}: ${why}`;
}

function queueLine({ record, queues, now }: PurgeInspection): string {
  const { sendAt = 0 } = record;
  const isScheduled = record.state === "queued" && (sendAt > now || (sendAt > 0 && "scheduled" in queues));
  const isChecked =
    (record.state === "completed" && record.edge?.outcome === "waiting") || record.alarm === "stale";
  const expected = isScheduled ? "scheduled" : isChecked ? "checks" : queueOf[record.state];
  const found = Object.entries(queues);
  const words = found.map(([name, score]) =>
    name === "held" ? `held, in order of creation` : `${name}, due ${moment(score, now)}`,
  );
  if (found.length === (expected === undefined ? 0 : 1) && (expected === undefined || expected in queues)) {
    return words[0] ?? "none";
  }
  return `! ${words.join(" and ") || "none"}; ${record.state} belongs in ${expected ?? "none"}`;
}

function edgeLine({ record, now }: PurgeInspection): string | undefined {
  if (record.edge === undefined) return undefined;
  const { outcome, cause, tries, checkedAt, url } = record.edge;
  const why = cause === undefined ? "" : ` (${cause})`;
  const seen = checkedAt === undefined ? "" : `, the latest at ${moment(checkedAt, now)}`;
  return `${outcome}${why}, ${tries} ${tries === 1 ? "reading" : "readings"} after Completed${seen}: ${url}`;
}

function leaseLine({ record, queues, now }: PurgeInspection): string {
  if (record.lease !== undefined) {
    return `${record.lease}, until ${queues.settle === undefined ? "nobody knows" : moment(queues.settle, now)}`;
  }
  return record.lostLease === undefined ? "none" : `none; ${record.lostLease} ran out`;
}

function pointerLine({ record, pointer }: PurgeInspection): string {
  const name = `target:${record.target.slice(0, 12)}…`;
  if (pointer === undefined) return `${name} is absent: nothing joins it`;
  const until = pointer.expiresAt === undefined ? "" : `, until ${toIsoTime(pointer.expiresAt)}`;
  return `${name} → ${pointer.purgeId === record.id ? "this purge" : pointer.purgeId}${until}`;
}

function describeBatch({ id, fields, waitsFor, expiresAt }: BatchInspection): string {
  return page([
    [`Batch ${id}`, waitsFor.length === 0 ? "done" : `waits for ${waitsFor.length}`],
    ...Object.entries(fields)
      .filter(([name]) => name !== "id")
      .flatMap(([name, value]): readonly Row[] =>
        name === "lines" && Array.isArray(value)
          ? value.map((line, i): Row => [i === 0 ? "lines" : "", JSON.stringify(line, withoutWarnings)])
          : [[name, name === "createdAt" ? toIsoTime(Number(value)) : textOf(value)]],
      ),
    ...waitsFor.map(
      ({ id: purgeId, state }): Row => [
        "waits for",
        `${state === "no record" ? "! " : ""}${purgeId} ${state}`,
      ],
    ),
    ["kept until", keptUntil(expiresAt, waitsFor.length === 0)],
  ]);
}

function keptUntil(expiresAt: EpochMs | undefined, isOver: boolean): string {
  if (expiresAt !== undefined) return `${isOver ? "" : "! "}${toIsoTime(expiresAt)}`;
  return isOver ? "! for ever, though it is over" : "it is over";
}

function moment(at: EpochMs, now: EpochMs): string {
  const seconds = Math.round((at - now) / 1_000);
  return `${toIsoTime(at)} (${seconds >= 0 ? `in ${seconds} s` : `${-seconds} s ago`})`;
}

type Row = readonly [label: string, text: string | undefined];

function page(rows: readonly Row[]): string {
  return rows
    .flatMap(([label, text], i) => {
      if (text === undefined) return [];
      return [printable(i === 0 ? `${label}: ${text}` : `  ${label.padEnd(14)}${text}`)];
    })
    .join("\n");
}

/** They are long, the same on most lines, and say nothing of what became of it; `--json` has them. */
function withoutWarnings(name: string, value: unknown): unknown {
  return name === "warnings" ? undefined : value;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
