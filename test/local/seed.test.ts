import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { purgeStates } from "../../src/domain/purge.ts";
import { type Clock, systemClock } from "../../src/domain/time.ts";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { composeWith, startImageKit } from "../../src/local/compose.ts";
import { listen } from "../../src/local/listen.ts";
import { type LocalRun, runLocal } from "../../src/local/run-local.ts";
import { connectTo } from "../../src/local/seed/instance-api.ts";
import { submitAndDie, submitPast } from "../../src/local/seed/past-and-dead.ts";
import { seed } from "../../src/local/seed/seed.ts";
import { createServices } from "../../src/services.ts";
import { ledgerAt } from "../support/ledger-at.ts";

let aheadMs = 0;
/** The time of the instance. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
/** The seed's, on which that time passes while the seed waits for something. How long it waits at most is real. */
const clockOfSeed: Clock = {
  ...clock,
  sleep: async (durationMs) => {
    aheadMs += durationMs;
  },
};
let run: LocalRun;
beforeAll(async () => {
  run = await runLocal({
    env: { PORT: "0" },
    compose: composeWith((config) => {
      const services = createServices(config, { clock, writeLog: () => undefined });
      return { ...services, ledger: ledgerAt(clock, services) };
    }),
    startImageKit,
    onError: (error) => expect.fail(String(error)),
  });
});
afterAll(() => run.close());

async function seedIt(folder: string) {
  const reading = readConfig(run.instance.settings);
  if ("problems" in reading) throw new Error(reading.problems.join());
  const { config } = reading;
  return seed({
    api: await connectTo(run.instance),
    submitPast: (urls, ageMs) => submitPast(config, urls, ageMs),
    submitAndDie: (urls) => submitAndDie(config, urls),
    endpoint: "https://ik.imagekit.io/demo",
    folder,
    clock: clockOfSeed,
  });
}

/** The seed has used up what its own caller may read in a while; this one has called nothing but submissions. */
async function read(path: string) {
  const { cms } = run.instance.tokens;
  const answer = await fetch(run.url + path, { headers: { Authorization: `Bearer ${cms}` } });
  expect(answer.status, path).toBe(200);
  return answer.json();
}

test("seeding leaves a purge in every state and of every outcome of a check, of several actors, twice in a row", {
  tags: ["slow"],
}, async () => {
  for (const folder of ["seed-one", "seed-two"]) {
    const seeded = await seedIt(folder);
    for (const state of purgeStates) {
      const ours = seeded
        .find((each) => each.state === state)
        ?.purges.filter(({ url }) => url.includes(folder));
      expect(ours?.length, `${folder}: ${state}`).toBeGreaterThan(0);
    }
    for (const outcome of ["fresh", "unchanged", "renewed", "gone", "unreadable", "waiting"]) {
      const { purges } = await read(`/api/purges?q=${folder}/check-&edge=${outcome}`);
      expect(purges, `${folder}: ${outcome}`).toHaveLength(1);
    }
    const actors = new Set(seeded.flatMap(({ purges }) => purges.map(({ actor }) => actor)));
    expect([...actors].sort()).toEqual(["cms", "storefront"]);
  }

  const { purges } = await read("/api/purges?q=seed-two&limit=100");
  const batchIds = new Set(
    purges.flatMap((purge: { batches?: { id: string }[]; batchId: string }) => purge.batchId),
  );
  const batches = await Promise.all([...batchIds].map((id) => read(`/api/batches/${id}`)));
  const verdicts = batches.flatMap(({ lines }) => lines.map(({ verdict }: { verdict: string }) => verdict));
  expect([...new Set(verdicts)].sort()).toEqual(["accepted", "covered", "duplicate", "joined", "rejected"]);
  const { settings } = await (await fetch(`${run.instance.imagekitUrl}/_control`)).json();
  expect(settings.pendingMs).toBe(3_000);
});

test("a read that the rate of its caller refuses is made again after the time that the answer names", async () => {
  const figures = { external: 1, available: 2, held: 3 };
  const answers = [
    new Response("{}", { status: 429, headers: { "Retry-After": "0" } }),
    Response.json(figures),
  ];
  const control = { settings: { pendingMs: 1 }, usage: [] };
  const instance = await listen({
    fetch: ({ url }) =>
      (url.endsWith("/_control") ? Response.json(control) : answers.shift()) ?? Response.error(),
    port: 0,
    onError: () => undefined,
  });
  const api = await connectTo({ ...run.instance, url: instance.url, imagekitUrl: instance.url });
  expect(await api.budget()).toEqual(figures);
  expect(answers).toEqual([]);
  await instance.close();
});

test.each([
  ["an ImageKit that npm start did not make", { imagekitUrl: undefined }, /could cost units/],
  ["tokens that npm start did not make", { tokens: {} }, /PURGE_TOKENS of its own/],
])("an instance with %s is not seeded", async (_, change, complaint) => {
  const seeding = connectTo({ ...run.instance, ...change }).then((api) => api.budget());
  await expect(seeding).rejects.toThrow(CannotStart);
  await expect(seeding).rejects.toThrow(complaint);
});

test("what is at the noted address but is no simulator is not seeded", async () => {
  const arrived: string[] = [];
  const other = await listen({
    fetch: (request) => {
      arrived.push(request.method);
      return Response.json({ ok: true });
    },
    port: 0,
    onError: () => undefined,
  });
  await expect(connectTo({ ...run.instance, imagekitUrl: other.url })).rejects.toThrow(
    /not the simulated ImageKit/,
  );
  expect(arrived).toEqual(["GET"]);
  await other.close();
});

test("an instance that has ended is named as that", async () => {
  const ended = await listen({ fetch: () => new Response(), port: 0, onError: () => undefined });
  await ended.close();
  await expect(connectTo({ ...run.instance, imagekitUrl: ended.url })).rejects.toThrow(
    /is npm start still running/,
  );
});
