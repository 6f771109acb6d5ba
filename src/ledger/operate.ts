import * as z from "zod/mini";
import type { OperatorReply } from "./contract.ts";
import { books } from "./lua/books.ts";
import { lease } from "./lua/lease.ts";
import { operate } from "./lua/operate.ts";
import { pace } from "./lua/pace.ts";
import { record } from "./lua/record.ts";
import { rests } from "./lua/rests.ts";
import { setup } from "./lua/setup.ts";
import { units } from "./lua/units.ts";
import { parseBudget, parsePurge } from "./replies.ts";
import { type RunScript, type Script, script } from "./script.ts";

const pieces = [setup, books, rests, record, units, pace, lease, operate];

/**
 * Detaches batches from a purge that has not been sent; cancels it when none is left on it.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  id, actor, scope ('own-batches' | 'every-batch'), operation (the id of this call)
 * Replies  'done' | 'forbidden-state' | 'not-yours', purge, budget · 'not-found'
 */
export const cancelScript = script(
  "cancel",
  pieces,
  /* lua */ `
openBooks()
local purge = load(input.id)
if not purge then return { 'not-found' } end
if purge.operation == input.operation then return operated('done', purge) end
if purge.state ~= 'queued' and purge.state ~= 'held' then return operated('forbidden-state', purge) end

local leaving, staying = {}, {}
for _, batch in ipairs(purge.batches) do
  local own = input.scope == 'every-batch' or batch.actor == input.actor
  local list = own and leaving or staying
  list[#list + 1] = batch
end
if #leaving == 0 then return operated('not-yours', purge) end

for _, batch in ipairs(leaving) do
  local key = family.batch .. batch.id
  local before = call('HGET', key, 'cancelled')
  call('HSET', key, 'cancelled', before and before .. ' ' .. purge.id or purge.id)
  stopWaiting(batch.id, purge.id)
end
if #staying > 0 then
  purge.batches = staying
  note(purge, input.actor, 'A batch no longer waits for it; another one does.')
else
  if purge.state == 'queued' then releaseReserved(purge) end
  move(purge, 'cancelled', input.actor, purge.spentUnits
    and 'The resend was cancelled; the unit of the first send stays spent.' or 'Cancelled before it was sent.')
end
return finish(purge)
`,
);

/**
 * Sends an unknown purge once more, for a second unit.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  id, actor, operation
 * Replies  'done' | 'forbidden-state' | 'exhausted', purge, budget · 'not-found'
 */
export const resendScript = script(
  "resend",
  pieces,
  /* lua */ `
openBooks()
local purge = load(input.id)
if not purge then return { 'not-found' } end
if purge.operation == input.operation then return operated('done', purge) end
if purge.state ~= 'unknown' then return operated('forbidden-state', purge) end
if not queueResend(purge, input.actor, 'It is sent once more, for a second unit.') then
  return operated('exhausted', purge)
end
return finish(purge)
`,
);

/**
 * Gives up a purge that nobody expects to end by itself. What it cost stays spent.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  id, actor, operation
 * Replies  'done' | 'forbidden-state', purge, budget · 'not-found'
 */
export const closeScript = script(
  "close",
  pieces,
  /* lua */ `
openBooks()
local purge = load(input.id)
if not purge then return { 'not-found' } end
if purge.operation == input.operation then return operated('done', purge) end
if purge.state ~= 'unknown' and purge.state ~= 'overdue' then return operated('forbidden-state', purge) end
move(purge, 'abandoned', input.actor, 'Closed by an operator; what it cost stays spent.')
return finish(purge)
`,
);

export type Operation = {
  readonly id: string;
  readonly actor: string;
  readonly operation: string;
  readonly scope?: "own-batches" | "every-batch";
};

const words = z.enum(["done", "forbidden-state", "not-yours", "exhausted", "not-found"]);

/** Runs one of the three; each answers in the same words. */
export async function operateOn(run: RunScript, which: Script, operation: Operation): Promise<OperatorReply> {
  const [word, purge, budget] = await run(which, operation);
  const outcome = words.parse(word);
  switch (outcome) {
    case "not-found":
      return { outcome };
    case "exhausted":
      return { outcome, budget: parseBudget(budget) };
    case "done":
    case "forbidden-state":
    case "not-yours":
      return { outcome, purge: parsePurge(purge) };
  }
}
