import * as z from "zod";
import { ledgerKeys } from "../../ledger/keys.ts";
import type { ReadOnly } from "../../local/inspect/read-only.ts";
import { Refused } from "../exit-codes.ts";
import { formatVersion, type Header, type KeyRecord } from "./format.ts";

/** Keys whose values are read together. A record of a batch has some 20 kB; Upstash answers at most 1 MB. */
const keysAtOnce = 40;
const membersAtOnce = 2_000;
const tries = 3;

const scanReply = z.tuple([z.coerce.string(), z.array(z.string())]);
const texts = z.array(z.coerce.string());
const timeReply = z.tuple([z.coerce.number(), z.coerce.number()]);
const typeReply = z.enum(["string", "hash", "list", "set", "zset", "none"]);

/**
 * Reads every key of a ledger. What writes it raises a sequence, so a ledger that changed meanwhile is noticed, and read
 * again. Throws Refused if there is no ledger, or if it keeps changing.
 */
export async function exportLedger(
  read: ReadOnly,
  ledger: string,
): Promise<{ readonly header: Header; readonly records: readonly KeyRecord[] }> {
  for (let left = tries; left > 0; left -= 1) {
    const before = await sequenceOf(read, ledger);
    const exportedAt = await timeOf(read);
    const keys = await keysOf(read, ledger);
    const records: KeyRecord[] = [];
    for (let from = 0; from < keys.length; from += keysAtOnce) {
      records.push(...(await recordsOf(read, ledger, keys.slice(from, from + keysAtOnce))));
    }
    if ((await sequenceOf(read, ledger)) !== before) continue;
    const id = crypto.randomUUID();
    return {
      header: { format: "purge-desk-ledger", version: formatVersion, id, ledger, exportedAt },
      records,
    };
  }
  throw new Refused(
    `The ledger "${ledger}" is in use: it changed while it was read, ${tries} times. Unpublish the site first, so that nothing is written, then export again`,
  );
}

async function sequenceOf(read: ReadOnly, ledger: string): Promise<string> {
  const { all } = ledgerKeys(ledger);
  const [marker = "", budget = ""] = all;
  const [found, books] = await read([
    ["HGETALL", marker],
    ["HGETALL", budget],
  ]);
  const fields = texts.parse(found ?? []);
  if (fields.length === 0) throw new Refused(`There is no ledger "${ledger}" in this Redis`);
  const values = texts.parse(books ?? []);
  const sequence = values[values.indexOf("sequence") + 1];
  return `${fields.join()} ${values.includes("sequence") ? sequence : ""}`;
}

async function timeOf(read: ReadOnly): Promise<number> {
  const [reply] = await read([["TIME"]]);
  const [seconds, micros] = timeReply.parse(reply);
  return seconds * 1000 + Math.floor(micros / 1000);
}

/** Every key whose name begins with the ledger's. A scan may give one several times. */
export async function keysOf(read: ReadOnly, ledger: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let cursor = "0";
  do {
    const [reply] = await read([["SCAN", cursor, "MATCH", `${ledger}:*`, "COUNT", "1000"]]);
    const [next, keys] = scanReply.parse(reply);
    for (const key of keys) found.add(key);
    cursor = next;
  } while (cursor !== "0");
  return [...found].sort();
}

async function recordsOf(
  read: ReadOnly,
  ledger: string,
  keys: readonly string[],
): Promise<readonly KeyRecord[]> {
  const now = await timeOf(read);
  const told = await read(keys.flatMap((key) => [["TYPE", key] as const, ["PTTL", key] as const]));
  const types = keys.map((_, n) => typeReply.parse(told[2 * n]));
  const values = await read(keys.map((key, n) => valueCommand(key, types[n] ?? "none")));
  const records: KeyRecord[] = [];
  for (const [n, name] of keys.entries()) {
    const type = types[n] ?? "none";
    const value = values[n];
    // It expired meanwhile.
    if (type === "none" || value === null) continue;
    const ttl = z.coerce.number().parse(told[2 * n + 1]);
    const common = { key: name.slice(ledger.length + 1), ...(ttl >= 0 && { expiresAt: now + ttl }) };
    if (type === "string") records.push({ ...common, type, value: z.coerce.string().parse(value) });
    else records.push({ ...common, type, value: texts.parse(value) });
    if (type === "zset")
      records.push(...(await restOf(read, name)).map((rest) => ({ ...common, type, value: rest })));
  }
  return records;
}

function valueCommand(key: string, type: z.output<typeof typeReply>) {
  switch (type) {
    case "hash":
      return ["HGETALL", key] as const;
    case "list":
      return ["LRANGE", key, "0", "-1"] as const;
    case "set":
      return ["SMEMBERS", key] as const;
    case "zset":
      return ["ZRANGE", key, "0", String(membersAtOnce - 1), "WITHSCORES"] as const;
    default:
      return ["GET", key] as const;
  }
}

/** What the first read of a sorted set has left. */
async function restOf(read: ReadOnly, key: string): Promise<readonly string[][]> {
  const pages: string[][] = [];
  for (let from = membersAtOnce; ; from += membersAtOnce) {
    const [reply] = await read([
      ["ZRANGE", key, String(from), String(from + membersAtOnce - 1), "WITHSCORES"],
    ]);
    const page = texts.parse(reply);
    if (page.length === 0) return pages;
    pages.push(page);
  }
}
