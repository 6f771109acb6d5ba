import type { Pipeline } from "../../local/redis-pipeline.ts";
import { Refused } from "../exit-codes.ts";
import type { NamedLedger } from "../named-ledger.ts";
import { keysOf } from "./export-ledger.ts";
import { anyHeader, end, formatVersion, type Header, header, type KeyRecord, keyRecord } from "./format.ts";

/** Characters that are sent together: Upstash takes at most 1 MB. */
const charactersAtOnce = 400_000;

export type Exported = { readonly header: Header; readonly records: readonly KeyRecord[] };

/** Reads an export, and throws Refused if a line of it is missing or is not what was written. */
export function readExport(text: string): Exported {
  const lines = text.split("\n").filter((line) => line !== "");
  const parsed = lines.map(parseLine);
  const first = header.safeParse(parsed[0]);
  if (!first.success) throw notAnExport(parsed[0]);
  const last = end.safeParse(parsed.at(-1));
  const middle = parsed.slice(1, -1);
  if (!last.success || last.data.end !== middle.length) {
    throw new Refused("The file is incomplete: it was cut off. Nothing was imported");
  }
  const records = middle.map((line, n) => {
    const read = keyRecord.safeParse(line);
    if (read.success) return read.data;
    throw new Refused(`Line ${n + 2} of the file is damaged. Nothing was imported`);
  });
  return { header: first.data, records };
}

function notAnExport(firstLine: unknown): Refused {
  const version = anyHeader.safeParse(firstLine).data?.version ?? formatVersion;
  return new Refused(
    version === formatVersion
      ? "This is not a ledger that purge-desk export wrote"
      : `This export has version ${version}; this purge-desk reads version ${formatVersion}. Import it with the purge-desk that wrote it, or a later one. Nothing was imported`,
  );
}

/**
 * Writes an exported ledger under this name; keys keep the instants at which they expire. While it is written, a key
 * `importing` names the export: an import that was broken off can be run again, and nothing else can. The ledger's marker
 * comes last. Throws Refused if this Redis has such a ledger already.
 */
export async function importLedger(
  { header: { id }, records }: Exported,
  { read, write, ledger }: NamedLedger,
): Promise<void> {
  const importing = `${ledger}:importing`;
  const [begun] = await read([["GET", importing]]);
  const there = await keysOf(read, ledger);
  if (begun !== id && there.length > 0) throw occupied(ledger, there.length, begun !== null);
  // Of two imports that come here together, one goes on.
  const [other] = await write([["SET", importing, id, "NX", "GET"]]);
  if (other !== null && other !== id) throw occupied(ledger, 1, true);
  if (there.includes(`${ledger}:ledger`)) {
    // An earlier try wrote everything, and the service may have begun to use it.
    await write([["DEL", importing]]);
    return;
  }
  const marker = records.filter(({ key }) => key === "ledger");
  const others = records.filter(({ key }) => key !== "ledger");
  // What an earlier try has written goes first: lists would grow.
  const names = [...new Set(records.map(({ key }) => `${ledger}:${key}`))];
  await inChunks(
    names.map((name) => ["DEL", name]),
    write,
  );
  await inChunks(
    others.flatMap((record) => commandsOf(record, ledger)),
    write,
  );
  await write(marker.flatMap((record) => commandsOf(record, ledger)));
  // On its own: commands that are sent together are carried out even if one before them failed.
  await write([["DEL", importing]]);
}

function occupied(ledger: string, keys: number, byImport: boolean): Refused {
  const why = byImport ? ", left by another import that did not finish" : "";
  const otherwise =
    ledger === "sandbox"
      ? "Use another Redis: with a simulated ImageKit (IMAGEKIT_API_BASE_URL) the ledger is always named sandbox"
      : "Use another Redis, or set PURGE_LEDGER to another name";
  return new Refused(
    `This Redis has ${keys} keys of a ledger "${ledger}" already${why}. Nothing was imported. ${otherwise}`,
  );
}

function commandsOf({ key, type, value, expiresAt }: KeyRecord, ledger: string): readonly string[][] {
  const name = `${ledger}:${key}`;
  const expiry = expiresAt === undefined ? [] : [["PEXPIREAT", name, String(expiresAt)]];
  switch (type) {
    case "string":
      return [["SET", name, value], ...expiry];
    case "hash":
      return [["HSET", name, ...value], ...expiry];
    case "list":
      return [["RPUSH", name, ...value], ...expiry];
    case "set":
      return [["SADD", name, ...value], ...expiry];
    case "zset":
      return [["ZADD", name, ...swapped(value)], ...expiry];
  }
}

/** Scores come before members here. */
function swapped(pairs: readonly string[]): readonly string[] {
  return pairs.flatMap((member, n) => (n % 2 === 0 ? [pairs[n + 1] ?? "0", member] : []));
}

async function inChunks(commands: readonly string[][], write: Pipeline): Promise<void> {
  let chunk: string[][] = [];
  let characters = 0;
  for (const command of commands) {
    const size = command.reduce((sum, word) => sum + word.length + 4, 0);
    if (chunk.length > 0 && characters + size > charactersAtOnce) {
      await write(chunk);
      chunk = [];
      characters = 0;
    }
    chunk.push(command);
    characters += size;
  }
  if (chunk.length > 0) await write(chunk);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
