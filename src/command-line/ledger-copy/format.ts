/**
 * An exported ledger: JSON, one record a line.
 *
 *   header      {"format":"purge-desk-ledger","version":1,"id":"…","ledger":"default","exportedAt":1795…}
 *   keys        {"key":"1:budget","type":"hash","value":["quota","1000",…]}
 *               {"key":"1:purge:p_…","type":"string","value":"{…}","expiresAt":1829…}
 *   end         {"end":4312}      how many keys stand before it: a file that was cut off has none
 *
 * A key is named without the ledger's name, so that a ledger can get another one. A long sorted set has several records,
 * which are added to each other.
 */

import * as z from "zod";

/** What can be imported. */
export const formatVersion = 1;

/** What every version's first line has. */
export const anyHeader = z.object({ format: z.literal("purge-desk-ledger"), version: z.number() });

export const header = anyHeader.extend({
  version: z.literal(formatVersion),
  /** Of this export: an import that was broken off is continued only with the same one. */
  id: z.string().regex(/^[\w-]{1,64}$/),
  ledger: z.string(),
  exportedAt: z.number(),
});

const key = z.string().min(1).max(1_000);
/** In milliseconds. Absent: the key is kept. */
const expiresAt = z.number().int().positive().optional();
const texts = z.array(z.string());
const pairs = texts.refine(({ length }) => length % 2 === 0, "must be pairs");

export const keyRecord = z.discriminatedUnion("type", [
  z.object({ key, type: z.literal("string"), value: z.string(), expiresAt }),
  /** Fields and values in turn. */
  z.object({ key, type: z.literal("hash"), value: pairs, expiresAt }),
  z.object({ key, type: z.literal("list"), value: texts, expiresAt }),
  z.object({ key, type: z.literal("set"), value: texts, expiresAt }),
  /** Members and scores in turn. */
  z.object({ key, type: z.literal("zset"), value: pairs, expiresAt }),
]);

export const end = z.object({ end: z.number().int().nonnegative() });

export type Header = z.output<typeof header>;
export type KeyRecord = z.output<typeof keyRecord>;
