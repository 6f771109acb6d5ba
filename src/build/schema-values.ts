/** Values that several schemas of answers have. */

import * as z from "zod/mini";
import { idPattern } from "../domain/ids.ts";
import { purgeStates } from "../domain/purge.ts";

export const time = z.iso.datetime();
export const timeOrNull = z.nullable(time);
export const purgeId = z.string().check(z.regex(idPattern("p")));
export const batchId = z.string().check(z.regex(idPattern("b")));
export const count = z.int().check(z.nonnegative());
export const lineNumber = z.int().check(z.positive());
export const state = z.enum(purgeStates);
export const kind = z.enum(["exact", "wildcard"]);
