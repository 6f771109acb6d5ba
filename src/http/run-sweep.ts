import * as z from "zod/mini";
import { LedgerUnavailable } from "../ledger/contract.ts";
import { errorFields } from "../log.ts";
import { type Services, servicesFor } from "../services.ts";
import { sweep } from "../use-cases/sweep.ts";
import { isPublishedProduction, type Platform } from "./context.ts";

/** Netlify gives a scheduled function 30 s; two are kept for its start and the last log line. */
const sweepTimeMs = 28_000;

/** What Netlify's schedule sends; its emulator does, and elsewhere the body may be empty or anything. */
const scheduleBody = z.object({ next_run: z.string().check(z.maxLength(40)) });

/**
 * The scheduled run as an HTTP answer: 204 when it swept, 503 when it could not. Against ImageKit's own base URL
 * it runs only where `live` says so, like every route.
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
    const report = await sweep(own, { deadlineMs: startedMs + sweepTimeMs });
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
