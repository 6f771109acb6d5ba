import type { Batch, BatchLine } from "../../src/domain/batch.ts";
import type { NewPurge, Purge } from "../../src/domain/purge.ts";
import { type Clock, systemClock } from "../../src/domain/time.ts";
import type { PollOutcome, SendOutcome } from "../../src/imagekit/outcome.ts";
import type { Ledger } from "../../src/ledger/contract.ts";
import type { Lane } from "../../src/ledger/keys.ts";
import type {
  AdvanceReply,
  CheckResult,
  LateBefore,
  Lease,
  LeaseReply,
  PollLease,
  SendLease,
  Settlement,
} from "../../src/ledger/leases.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import type { LedgerPolicy } from "../../src/ledger/policy.ts";
import type { Reservation, ReserveReply } from "../../src/ledger/reservation.ts";

export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;

export const policyOfTests: LedgerPolicy = {
  quota: 100,
  margin: 0,
  resendUnknown: "once",
  refusedCosts: "nothing",
  timeZone: "UTC",
  resetDay: 1,
  retentionDays: 400,
  sendRate: "off",
  pollRate: "off",
  callerRate: "off",
  callerStorage: { perSecond: 1, burst: 1e9 },
  repeatLimit: "off",
};

/** The middle of a month, so that no month turns unless a test makes it. */
export const midNovember = Date.parse("2026-11-15T12:00:00.000Z");

type Submitted = Partial<Omit<Reservation, "lease">> & {
  readonly wave?: number;
  /** Asks for edge checks; with the cause `signed` they are decided from the start. */
  readonly check?: "waiting" | "signed" | undefined;
};

export type TestLedger = Ledger & {
  /** The time that the scripts use; a test moves it. */
  readonly time: { now: number };
  /** Reserves one batch of targets `https://x.test/<name>`; `wave` is how many of them are leased immediately. */
  readonly submit: (names: readonly string[], more?: Submitted) => Promise<ReserveReply>;
  /** The same, for tests in which the batch cannot be refused. */
  readonly accept: (
    names: readonly string[],
    more?: Submitted,
  ) => Promise<LeaseReply & { readonly batch: Batch; readonly ids: readonly string[] }>;
  /** One purge, leased. */
  readonly send: (name: string, more?: Submitted) => Promise<SendLease>;
  /** One purge that ImageKit has accepted as `ik-<name>`. */
  readonly pend: (name: string, more?: Submitted) => Promise<string>;
  /** One purge that ImageKit has completed, its edge check waiting for 5 s to pass. */
  readonly complete: (name: string, more?: Submitted) => Promise<string>;
  readonly settle: (lease: Lease | undefined, result: Settlement["result"]) => Promise<AdvanceReply>;
  readonly leaseDue: (lane: Lane, limit?: number) => Promise<readonly Lease[]>;
  /** Like `leaseDue`, but also returns when to ask again. */
  readonly ask: (lane: Lane, limit?: number, purgeIds?: readonly string[]) => Promise<AdvanceReply>;
  readonly purge: (id: string) => Promise<Purge>;
  readonly stateOf: (id: string) => Promise<Purge["state"]>;
  /** Whether nothing at all is open. */
  readonly isIdle: () => Promise<boolean>;
  /** Whether a sweep would go home at once. */
  readonly isResting: () => Promise<boolean>;
  readonly alarmCodes: () => Promise<readonly string[]>;
  readonly nextId: (prefix: string) => string;
};

let count = 0;
const nextId = (prefix: string) => `${prefix}${String(++count).padStart(6, "0")}`;

type TestLedgerOptions = {
  /** Another instance over the same Redis shares the time of the first. */
  readonly time?: { now: number };
  readonly clock?: Clock;
};

export function testLedger(
  redis: { readonly url: string; readonly token: string },
  policy: Partial<LedgerPolicy> = {},
  startsAt = midNovember,
  { time = { now: startsAt }, clock = systemClock }: TestLedgerOptions = {},
): TestLedger {
  const ledger = createLedger({
    name: "test",
    redis: { url: redis.url, token: redis.token },
    policy: { ...policyOfTests, ...policy },
    clock,
    makeId: () => nextId("o"),
    now: () => time.now,
  });
  const submit: TestLedger["submit"] = (names, { wave = 0, check, ...more } = {}) => {
    const reservation = reservationOf(names, nextId, { lease: { token: nextId("l"), limit: wave }, ...more });
    const purges = reservation.purges.map((purge) => ({ ...purge, check: checkOf(purge.url, check) }));
    return ledger.reserve({ ...reservation, purges });
  };
  const accept: TestLedger["accept"] = async (names, more) => {
    const { batch, leases, retryInMs } = reserved(await submit(names, more));
    return { batch, leases, retryInMs, ids: batch.purges.map(({ id }) => id) };
  };
  const send: TestLedger["send"] = async (name, more) =>
    sendLease((await accept([name], { wave: 1, ...more })).leases[0]);
  const settle: TestLedger["settle"] = (lease, result) =>
    ledger.advance({ settlements: [settlementOf(lease, result)] });
  const ask: TestLedger["ask"] = (lane, limit = 100, purgeIds) =>
    ledger.advance({ settlements: [], lease: { lane, token: nextId("l"), limit, purgeIds } });
  const pend: TestLedger["pend"] = async (name, more) => {
    const lease = await send(name, more);
    await settle(lease, accepted(`ik-${name}`));
    return lease.purgeId;
  };
  const purge: TestLedger["purge"] = async (id) => {
    const found = await ledger.readPurge(id);
    if (!found) throw new Error(`there is no purge ${id}`);
    return found;
  };
  return {
    ...ledger,
    time,
    nextId,
    submit,
    accept,
    send,
    pend,
    complete: async (name, more) => {
      const id = await pend(name, { check: "waiting", ...more });
      time.now += 5 * second;
      await settle((await ask("poll", 1, [id])).leases[0], completed);
      return id;
    },
    settle,
    ask,
    leaseDue: async (lane, limit) => (await ask(lane, limit)).leases,
    purge,
    stateOf: async (id) => (await purge(id)).state,
    isIdle: async () => Object.keys((await ledger.health()).open).length === 0,
    isResting: async () => {
      const { sends, polls, checks } = await ledger.readSweepState();
      return !sends && !polls && !checks;
    },
    alarmCodes: async () => (await ledger.health()).alarms.map(({ code }) => code),
  };
}

function checkOf(url: string, check: Submitted["check"]): NewPurge["check"] {
  if (check === undefined) return undefined;
  return check === "signed" ? { outcome: "unreadable", cause: "signed", url } : { outcome: "waiting", url };
}

export function reserved(reply: ReserveReply): Extract<ReserveReply, { readonly outcome: "reserved" }> {
  if (reply.outcome !== "reserved") throw new Error(`not reserved: ${JSON.stringify(reply)}`);
  return reply;
}

export function sendLease(lease: Lease | undefined): SendLease {
  if (lease?.lane !== "send") throw new Error("not the lease of a send");
  return lease;
}

export function pollLease(lease: Lease | undefined): PollLease {
  if (lease?.lane !== "poll") throw new Error("not the lease of a poll");
  return lease;
}

const sendOnly = new Set(["accepted", "refused", "unknown", "untraceable"]);

/** The settlement of this lease; the result must fit its lane. */
export function settlementOf(lease: Lease | undefined, result: Settlement["result"]): Settlement {
  if (lease?.lane === "check" && (isCheckOnly(result) || result.outcome === "unsent")) {
    const { lane, purgeId, token, edge } = lease;
    return { lane, purgeId, token, try: edge.tries + 1, result };
  }
  if (lease?.lane === "send" && !isPollOnly(result) && !isCheckOnly(result)) {
    const { lane, purgeId, token } = lease;
    return { lane, purgeId, token, result };
  }
  if (lease?.lane === "poll" && !isSendOnly(result) && !isCheckOnly(result)) return { ...lease, result };
  throw new Error(`no such result of this lease: ${JSON.stringify({ lease, result })}`);
}

function isCheckOnly(result: Settlement["result"]): result is CheckResult | LateBefore {
  return "after" in result || "before" in result;
}

type PollOnly = Extract<PollOutcome, { readonly outcome: "completed" | "pending" | "unknown-id" | "failed" }>;

function isPollOnly(result: Settlement["result"]): result is PollOnly {
  return ["completed", "pending", "unknown-id", "failed"].includes(result.outcome);
}

type SendOnly = Extract<
  SendOutcome,
  { readonly outcome: "accepted" | "refused" | "unknown" | "untraceable" }
>;

function isSendOnly(result: Settlement["result"]): result is SendOnly {
  return sendOnly.has(result.outcome);
}

export function reservationOf(
  names: readonly string[],
  nextId: (prefix: string) => string,
  more: Partial<Reservation> & Pick<Reservation, "lease">,
): Reservation {
  const purges = names.map((name, i) => ({
    id: nextId("p"),
    url: `https://x.test/${name}`,
    maskedUrl: `https://x.test/${name}`,
    kind: "exact" as const,
    lines: [i + 1],
  }));
  const lines = purges.map(
    ({ id }, i): BatchLine => ({ line: i + 1, verdict: "accepted", purgeId: id, warnings: [] }),
  );
  return { batchId: nextId("b"), actor: "shop", onExhausted: "reject", lines, purges, ...more };
}

export const accepted = (imagekitRequestId: string) =>
  ({ outcome: "accepted", status: 201, imagekitRequestId }) as const;
export const refused = { outcome: "refused", status: 400, message: "The URL is not valid." } as const;
export const timedOut = { outcome: "unknown", message: "no answer within 15 s" } as const;
export const throttled = { outcome: "throttled", resetMs: 2_000, message: "Too many requests" } as const;
export const unauthorized = { outcome: "unauthorized", status: 401, message: "no private key" } as const;
export const unexpected = { outcome: "unexpected", status: 402, message: "Your plan is used up" } as const;
export const unreachable = { outcome: "unreachable", message: "connection refused" } as const;
export const untraceable = { outcome: "untraceable", status: 201, message: "no request id" } as const;
export const unsent = { outcome: "unsent" } as const;
export const pending = { outcome: "pending" } as const;
export const completed = { outcome: "completed" } as const;
export const unknownId = { outcome: "unknown-id", message: "no such id" } as const;
export const failed = { outcome: "failed", message: "500: <html>" } as const;
