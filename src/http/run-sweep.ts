import * as z from "zod/mini";
import { LedgerUnavailable } from "../ledger/contract.ts";
import { errorFields } from "../log.ts";
import { type Services, servicesFor } from "../services.ts";
import { sweepLedger } from "../use-cases/sweep.ts";
import { isPublishedProduction, type Platform } from "./context.ts";

/** Netlify gives a scheduled function 30 s; 2 s are reserved for its start and the last log line. */
const sweepTimeMs = 28_000;

/** The body that Netlify's scheduler and its emulator send; elsewhere it may be empty or anything. */
const scheduleBody = z.object({ next_run: z.string().check(z.maxLength(40)) });

/**
 * Runs the scheduled sweep and answers 204 if it swept, 503 if it could not. Like every route, it uses ImageKit's own base
 * URL only where `live` allows it.
 */
export async function runSweep(
  services: Services,
  request: Request,
  platform: Platform,
  live: (platform: Platform) => boolean = isPublishedProduction,
): Promise<Response> {
  const { config, clock, makeId } = services;
  const startedMs = clock.monotonicMs();
  const own = servicesFor(services, { requestId: platform.requestId ?? makeId("r") });
  const nextRun = await readNextRun(request);
  if (config.imagekit.kind === "live" && !live(platform)) {
    own.log("sweep-skipped", { cause: "not the published production deploy" });
    return new Response(null, { status: 503 });
  }
  try {
    const report = await sweepLedger(own, { deadlineMs: startedMs + sweepTimeMs });
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    own.log("sweep", { durationMs, nextRun, report: JSON.stringify(report) });
    return new Response(null, { status: 204 });
  } catch (error) {
    const event = error instanceof LedgerUnavailable ? "ledger-unavailable" : "sweep-failed";
    own.log(event, errorFields(error));
    return new Response(null, { status: 503 });
  }
}

async function readNextRun(request: Request): Promise<string | undefined> {
  try {
    const parsed = scheduleBody.safeParse(JSON.parse(await request.text()));
    return parsed.data?.next_run;
  } catch {
    return undefined;
  }
}
