import { systemClock } from "../../../src/domain/time.ts";
import { apiRoutes } from "../../../src/http/api-routes.ts";
import { createApp } from "../../../src/http/app.ts";
import { LedgerUnavailable } from "../../../src/ledger/contract.ts";
import type { Services } from "../../../src/services.ts";
import { sweepLedger } from "../../../src/use-cases/sweep.ts";
import { environmentOf } from "../environment.ts";
import { type FastTime, fastTime } from "../fast-time.ts";
import { servicesUnderTest } from "../services-under-test.ts";
import { startSystem } from "../system.ts";
import { ask, callAll, type Send, type Told } from "./callers.ts";
import { untilQuiet } from "./calm.ts";
import { judge, type StormResult } from "./judge.ts";
import { interfere } from "./operator.ts";
import { overspending } from "./overspending.ts";
import { redisWeather } from "./redis-weather.ts";
import { makeSubmissions } from "./submissions.ts";
import { type Weather, weatherOf } from "./weather.ts";

/** How many times faster than real time a storm runs. */
const speed = 20;

export type Server = { readonly services: Services; readonly send: Send };

/**
 * One storm: callers, several servers and sweeps over one Redis, with random failures of everything around them. Then
 * calm, until nothing moves any more. Then the evidence, counted outside the servers.
 */
export async function storm(seed: number, purges: number, keepLog: boolean): Promise<StormResult> {
  const begunMs = systemClock.monotonicMs();
  const weather = weatherOf(seed, purges);
  const { random } = weather;
  const time = fastTime(weather.startsAt, speed);
  const system = await startSystem(time.clock());
  try {
    const { imagekit, bridge, raw } = system;
    const told: Told = { batches: new Map(), refused: new Set(), findings: [] };
    const log: string[] = [];
    const background = new Set<Promise<unknown>>();
    const servers = Array.from({ length: weather.servers }, () =>
      startServer(environmentOf(system, weather.env), time, weather, background, keepLog ? log : undefined),
    );
    const sends = servers.map(({ send }) => send);
    const submissions = makeSubmissions(random, seed, purges);

    const redis = redisWeather(random, weather.redisFaults);
    imagekit.control.change({ pendingMs: weather.pendingMs, seed });
    imagekit.control.addFaults(...weather.imagekitFaults);
    imagekit.control.cdn.addFaults(...weather.cdnFaults);
    bridge.setFault(redis.hook);
    let isOver = false;
    const trouble = async () => {
      while (!isOver) {
        await systemClock.sleep(100 + random() * 300);
        const kind = random();
        if (kind < 0.5) time.jump(random() * (kind < 0.1 ? 200_000 : 20_000));
        else if (kind < 0.6) redis.breakOff(random() * 1_200);
        else if (kind < 0.65) await raw.script("FLUSH");
        else if (kind < 0.7) time.jump(-random() * 30_000);
        const operated = sends.map((send) => interfere(random, send, told));
        await Promise.all(operated);
        told.findings.push(...(await overspending(raw, weather.quota)));
      }
    };
    const sweeping = servers.map(async ({ services }) => {
      while (!isOver) {
        await sweepOnce(services, told);
        await services.clock.sleep(random() * 10_000);
      }
    });
    const around = Promise.all([trouble(), ...sweeping]);
    await callAll(submissions, weather.callers, random, sends, told);
    isOver = true;
    await around;

    bridge.setFault(undefined);
    imagekit.control.clearFaults();
    while (background.size > 0) await Promise.allSettled(background);
    const [first] = servers;
    if (first === undefined) throw new Error("a storm has servers");
    for (const submission of submissions) {
      if (told.refused.has(submission.key)) continue;
      if ((await ask(first.send, submission, told)) === "again") {
        told.findings.push(`${submission.key}: no answer even in the calm`);
      }
    }
    while (background.size > 0) await Promise.allSettled(background);
    await untilQuiet({
      system,
      time,
      resendUnknown: first.services.config.policy.resendUnknown,
      sweep: () => sweepOnce(first.services, told),
    });
    return await judge({
      seed,
      system,
      told,
      log,
      send: first.send,
      submitted: purges,
      durationMs: Math.round(systemClock.monotonicMs() - begunMs),
    });
  } finally {
    await system.close();
  }
}

function startServer(
  env: Parameters<typeof servicesUnderTest>[0],
  time: FastTime,
  { random }: Weather,
  background: Set<Promise<unknown>>,
  log: string[] | undefined,
): Server {
  // Wall clocks of instances are wrong by up to ten minutes, each time by another amount.
  const skewMs = () => Math.floor((random() - 0.5) * 1_200_000);
  const services = servicesUnderTest(env, {
    clock: time.clock(skewMs),
    now: time.now,
    writeLog: (line) => log?.push(line),
    sendTimeoutMs: 15_000 / speed,
    pollTimeoutMs: 5_000 / speed,
  });
  const app = createApp(services, [apiRoutes]);
  const waitUntil = (work: Promise<unknown>) => {
    const kept = work.finally(() => background.delete(kept));
    background.add(kept);
  };
  return { services, send: async (request) => app.fetch(request, { waitUntil }) };
}

async function sweepOnce(services: Services, told: Told): Promise<void> {
  try {
    await sweepLedger(services, { deadlineMs: services.clock.monotonicMs() + 28_000 });
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) told.findings.push(`a sweep threw ${String(error)}`);
  }
}
