import * as z from "zod";
import { systemClock } from "../../../src/domain/time.ts";
import type { Random } from "../../../src/local/imagekit/random.ts";
import { adminToken } from "../environment.ts";
import type { Submission } from "./submissions.ts";

export type Send = (request: Request) => Promise<Response>;

/** What the callers were told, and every answer that was wrong. */
export type Told = {
  /** For each accepted submission: its batch and the purges that serve its lines. */
  readonly batches: Map<string, { readonly batchId: string; readonly purgeIds: readonly string[] }>;
  /** How many were refused because the budget was used up. */
  readonly refused: Set<string>;
  readonly findings: string[];
};

const batchAnswer = z.object({ id: z.string(), purges: z.array(z.object({ id: z.string() })) });

/** Several callers share the submissions. A caller without an answer repeats its request with the same key at another server. */
export async function callAll(
  submissions: readonly Submission[],
  callers: number,
  random: Random,
  servers: readonly Send[],
  told: Told,
): Promise<void> {
  const queue = [...submissions];
  const caller = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (let attempt = 0; attempt < 6; attempt++) {
        const server = servers[Math.floor(random() * servers.length)];
        if (server === undefined) throw new Error("a storm has servers");
        const asked = ask(server, next, told);
        const isImpatient = random() < 0.15;
        const outcome = isImpatient ? await Promise.race([asked, afterMs(30 + random() * 300)]) : await asked;
        if (outcome === "answered") {
          if (random() < 0.1) await ask(server, next, told);
          break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function afterMs(durationMs: number): Promise<"again"> {
  await systemClock.sleep(durationMs);
  return "again";
}

/** Sends the request once. `again`: no answer, or an answer that tells the caller to repeat it. */
export async function ask(server: Send, submission: Submission, told: Told): Promise<"answered" | "again"> {
  const response = await server(
    new Request("http://purge-desk.test/api/purges", {
      method: "POST",
      headers: {
        Authorization: `Bearer ${adminToken}`,
        "Content-Type": "application/json",
        "Idempotency-Key": submission.key,
      },
      body: submission.body,
    }),
  );
  const body: unknown = await response.json();
  const { status } = response;
  if (status === 202 || status === 200) return remember(submission, batchAnswer.parse(body), told);
  if (status === 429) {
    if (told.batches.has(submission.key))
      told.findings.push(`${submission.key}: refused after it was accepted`);
    told.refused.add(submission.key);
    return "answered";
  }
  if (status !== 503) told.findings.push(`${submission.key}: answered ${status} ${JSON.stringify(body)}`);
  return "again";
}

function remember(submission: Submission, batch: z.infer<typeof batchAnswer>, told: Told): "answered" {
  const before = told.batches.get(submission.key);
  const purgeIds = batch.purges.map(({ id }) => id);
  if (before !== undefined && before.batchId !== batch.id) {
    told.findings.push(`${submission.key}: batch ${before.batchId}, then batch ${batch.id}`);
  }
  told.batches.set(submission.key, { batchId: batch.id, purgeIds });
  told.refused.delete(submission.key);
  return "answered";
}
