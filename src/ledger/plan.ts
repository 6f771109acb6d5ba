import * as z from "zod/mini";
import type { PlanReply, PlanTargets } from "./contract.ts";
import { json, listOf } from "./parse-purge.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";
import { pointerName, repeatName } from "./target.ts";

const joined = z.pipe(json, listOf(z.tuple([z.number(), z.string()])));
const repeated = z.pipe(json, listOf(z.tuple([z.number(), z.number()])));

/** Names go as one text each: as JSON lists, those of 10,000 targets would pass what Redis accepts in one request. */
export async function plan(
  run: RunScript,
  { urls, changedAt, sendAfter, actor }: PlanTargets,
): Promise<PlanReply> {
  const [targets, repeats] = await Promise.all([
    Promise.all(urls.map((url) => pointerName(url, sendAfter))),
    Promise.all(urls.map(repeatName)),
  ]);
  const [, budget, joins, repeating] = await run("plan", {
    targets: targets.join(""),
    repeats: repeats.join(""),
    actor,
    changedAt,
    isScheduled: sendAfter !== undefined,
  });
  const byUrl = <T>(pairs: readonly (readonly [place: number, value: T])[]) =>
    new Map(pairs.map(([place, value]) => [urls[place - 1] ?? "", value] as const));
  return {
    budget: parseBudget(budget),
    joins: byUrl(joined.parse(joins)),
    repeating: byUrl(repeated.parse(repeating)),
  };
}
