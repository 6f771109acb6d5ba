import { type PurgeState, purgeStates } from "../../domain/purge.ts";
import { type Clock, toIsoTime } from "../../domain/time.ts";
import { CannotStart } from "../cannot-start.ts";
import { seedChecks } from "./checks.ts";
import type { InstanceApi, SeededPurge } from "./instance-api.ts";
import { untilTrue } from "./until.ts";

export type SeedOptions = {
  readonly api: InstanceApi;
  /** What the API cannot make: purges that need another clock, or a process that died. */
  readonly submitPast: (urls: readonly string[], ageMs: number) => Promise<readonly string[]>;
  readonly submitAndDie: (urls: readonly string[]) => Promise<void>;
  /** The first URL endpoint, without a final slash. */
  readonly endpoint: string;
  /** Makes this run's URLs new, so that they join nothing of an earlier one. */
  readonly folder: string;
  readonly clock: Clock;
};

export type Seeded = readonly { readonly state: PurgeState; readonly purges: readonly SeededPurge[] }[];

/** More than is spent before the budget is used up on purpose. */
const unitsNeeded = 32;
/** ImageKit asks to be written to after 15 minutes. */
const overdueAgeMs = 20 * 60_000;
const dayMs = 86_400_000;

/**
 * Fills a local instance with a purge in every state there is, and of every outcome of an edge check, by what the API and
 * the simulated ImageKit offer; gives what is in each state at the end. In the end the month's budget is used up, because only then purges are held.
 */
export async function seed(options: SeedOptions): Promise<Seeded> {
  const { api, endpoint, folder, clock } = options;
  const { imagekit } = api;
  const url = (name: string) => `${endpoint}/${folder}/${name}.jpg`;
  const urls = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => url(`${name}-${index + 1}`));

  await makeRoom(api);
  const pendingMs = await imagekit.pendingMs();
  await imagekit.change({ pendingMs: "never" });
  try {
    await imagekit.addFaults([
      { endpoint: "send", kind: 400, urlContains: `${folder}/refused` },
      // ImageKit has it, and gave no id to ask about: unknown, and never resent automatically.
      { endpoint: "send", kind: "no-request-id", urlContains: `${folder}/unknown` },
      { endpoint: "send", kind: "no-request-id", urlContains: `${folder}/abandoned` },
      // Undocumented, so it is tried again, later and later, and stays queued.
      { endpoint: "send", kind: 402, times: "forever", urlContains: `${folder}/queued` },
      { endpoint: "send", kind: 402, times: "forever", urlContains: `${folder}/cancelled` },
    ]);
    const overdue = await options.submitPast(urls("overdue", 2), overdueAgeMs);

    const completed = await api.submit("storefront", {
      urls: urls("completed", 3),
      reason: "three images photographed anew",
    });
    await Promise.all(completed.map((purge) => imagekit.complete(purge.url)));
    await api.submit("cms", { urls: urls("pending", 2), reason: "spring sale" });
    await api.submit("cms", {
      reason: "import: one line of each kind",
      onInvalid: "skip",
      urls: [
        url("refused"),
        url("unknown"),
        url("mixed"),
        url("mixed"), // a duplicate
        `${endpoint}/${folder}/wild*`,
        url("wild-1"), // covered by the wildcard
        "https://elsewhere.example/not-ours.jpg", // rejected
      ],
    });
    const [abandoned] = await api.submit("storefront", { urls: [url("abandoned")], reason: "hero image" });
    if (abandoned) await api.act("local", abandoned.id, "close");
    await api.submit("storefront", { urls: [url("queued")], reason: "product 4711" });
    await api.submit("cms", {
      urls: [url("queued"), url("mixed-2")],
      reason: "joins the storefront's purge",
    });
    await api.submit("storefront", {
      urls: [url("scheduled")],
      reason: "the sale begins tomorrow",
      sendAfter: toIsoTime(clock.now() + dayMs),
    });
    const [cancelled] = await api.submit("cms", { urls: [url("cancelled")], reason: "the wrong image" });
    if (cancelled) await api.act("cms", cancelled.id, "cancel");

    await seedChecks({ api, clock, url });
    await Promise.all(
      completed.map(({ id }) => untilTrue(api, clock, id, "completed", ({ state }) => state === "completed")),
    );
    await Promise.all(
      overdue.map((id) => untilTrue(api, clock, id, "overdue", ({ state }) => state === "overdue")),
    );
    await options.submitAndDie(urls("sending", 2));
    const { external, available } = await api.budget();
    await api.correct(external + Math.max(0, available), "npm run seed: used up, so that purges are held");
    await api.submit("storefront", {
      urls: urls("held", 3),
      reason: "when there is budget again",
      onExhausted: "hold",
    });
  } finally {
    await imagekit.change({ pendingMs });
  }
  return Promise.all(purgeStates.map(async (state) => ({ state, purges: await api.inState(state) })));
}

/** An earlier run has used the budget up: its correction is taken back as far as this run needs. */
async function makeRoom(api: InstanceApi): Promise<void> {
  const { external, available, held } = await api.budget();
  // What is held goes first.
  const missing = Math.max(0, unitsNeeded + held - available);
  if (missing === 0) return;
  if (missing > external) {
    throw new CannotStart(
      `Seeding takes ${unitsNeeded} units of the month's budget, and ${available} are left. Raise PURGE_MONTHLY_QUOTA`,
    );
  }
  await api.correct(external - missing, "npm run seed: room for another run");
}
