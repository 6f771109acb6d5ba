import * as z from "zod";
import { isTerminal } from "../../../src/domain/purge.ts";
import { auditLedger } from "../../support/audit-ledger.ts";
import { adminToken, ledgerName } from "../environment.ts";
import { type Evidence, weigh } from "../evidence.ts";
import { type PurgeRecord, readRecords } from "../records.ts";
import type { System } from "../system.ts";
import type { Send, Told } from "./callers.ts";

export type StormResult = Evidence & {
  readonly seed: number;
  readonly submitted: number;
  readonly accepted: number;
  readonly terminal: number;
  /** Purges that have not ended, with an alarm in health. */
  readonly alarmed: number;
  readonly lost: number;
  readonly durationMs: number;
  readonly log: readonly string[];
};

const healthAnswer = z.object({ checks: z.array(z.object({ name: z.string(), state: z.string() })) });

/** Compares what callers were told and what ImageKit received with the raw ledger. */
export async function judge({
  seed,
  system,
  told,
  log,
  send,
  submitted,
  durationMs,
}: {
  readonly seed: number;
  readonly system: System;
  readonly told: Told;
  readonly log: readonly string[];
  readonly send: Send;
  readonly submitted: number;
  readonly durationMs: number;
}): Promise<StormResult> {
  const records = await readRecords(system.raw);
  const byId = new Map(records.map((purge) => [purge.id, purge]));
  const promised = new Set([...told.batches.values()].flatMap(({ purgeIds }) => purgeIds));
  const alarms = await alarmsOf(send);
  const states = { terminal: 0, alarmed: 0, lost: 0 };
  const findings: string[] = [...told.findings];
  for (const id of new Set([...promised, ...byId.keys()])) {
    const purge = byId.get(id);
    const fate = fateOf(purge, alarms);
    states[fate] += 1;
    if (fate === "lost") findings.push(`G1: ${id} is ${purge?.state ?? "gone"}, and nothing says so`);
  }
  const batchIds = new Set([...told.batches.values()].map(({ batchId }) => batchId));
  for (const { id, batchId } of records) {
    if (!batchIds.has(batchId)) findings.push(`G6: ${id} is of batch ${batchId}, which no key leads to`);
  }
  for (const { id, state, edge } of records) {
    if (state === "completed" && edge?.outcome === "waiting") findings.push(`G1: ${id} was never checked`);
  }
  findings.push(...(await auditLedger(system.raw, ledgerName)).map((finding) => `audit: ${finding}`));
  const evidence = weigh(system.imagekit.arrivals(), records);
  return {
    ...evidence,
    ...states,
    seed,
    submitted,
    accepted: promised.size,
    durationMs,
    findings: [...new Set([...findings, ...evidence.findings])],
    log,
  };
}

/** Health must report every open purge. */
function fateOf(
  purge: PurgeRecord | undefined,
  alarms: ReadonlySet<string>,
): "terminal" | "alarmed" | "lost" {
  if (purge === undefined) return "lost";
  if (isTerminal(purge.state)) return "terminal";
  return alarms.has(purge.state) ? "alarmed" : "lost";
}

/** Names of the checks that are not up: a state's own name, or an alarm's. */
async function alarmsOf(send: Send): Promise<ReadonlySet<string>> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  const response = await send(new Request("http://purge-desk.test/api/health", { headers }));
  const { checks } = healthAnswer.parse(await response.json());
  return new Set(checks.filter(({ state }) => state !== "ok").map(({ name }) => name));
}
