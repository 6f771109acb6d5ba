import type { SendOutcome } from "../../src/imagekit/outcome.ts";
import type { BatchLine, Lease, LeaseReply, Ledger, Reservation } from "../../src/ledger/contract.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import type { LedgerPolicy } from "../../src/ledger/policy.ts";
import { systemClock } from "../../src/time.ts";

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
};

/** The middle of a month, so that nothing turns unless a test wants it to. */
export const midNovember = Date.parse("2026-11-15T12:00:00.000Z");

export type TestLedger = Ledger & {
  /** What the scripts take for the time; a test moves it. */
  readonly time: { now: number };
  /** Reserves one batch of targets `https://x.test/<name>`; `wave` of them leased at once. */
  readonly submit: (
    names: readonly string[],
    more?: Partial<Omit<Reservation, "lease">> & { readonly wave?: number },
  ) => ReturnType<Ledger["reserve"]>;
  /** Settles one send. */
  readonly settle: (
    lease: Lease | undefined,
    result: SendOutcome | { readonly outcome: "unsent" },
  ) => Promise<LeaseReply>;
  readonly leaseDue: (endpoint: "send" | "poll", limit?: number) => Promise<readonly Lease[]>;
  readonly nextId: (prefix: string) => string;
};

let count = 0;

export function testLedger(
  redis: { readonly url: string; readonly token: string },
  policy: Partial<LedgerPolicy> = {},
  startsAt = midNovember,
): TestLedger {
  const time = { now: startsAt };
  const nextId = (prefix: string) => `${prefix}${String(++count).padStart(6, "0")}`;
  const ledger = createLedger({
    name: "test",
    redis: { url: redis.url, token: redis.token },
    policy: { ...policyOfTests, ...policy },
    clock: systemClock,
    makeId: () => nextId("o"),
    now: () => time.now,
  });
  return {
    ...ledger,
    time,
    nextId,
    submit: (names, { wave = 0, ...more } = {}) =>
      ledger.reserve(reservationOf(names, nextId, { lease: { token: nextId("l"), limit: wave }, ...more })),
    settle: (lease, result) => {
      if (lease?.endpoint !== "send") throw new Error("not the lease of a send");
      const { endpoint, purgeId, token } = lease;
      return ledger.advance({ settlements: [{ endpoint, purgeId, token, result }] });
    },
    leaseDue: async (endpoint, limit = 100) =>
      (await ledger.advance({ settlements: [], lease: { endpoint, token: nextId("l"), limit } })).leases,
  };
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

export const accepted = (imagekitRequestId: string): SendOutcome => ({
  outcome: "accepted",
  status: 201,
  imagekitRequestId,
});
export const refused: SendOutcome = { outcome: "refused", status: 400, message: "The URL is not valid." };
export const timedOut: SendOutcome = { outcome: "unknown", message: "no answer within 15 s" };
export const throttled: SendOutcome = { outcome: "throttled", resetMs: 2_000, message: "Too many requests" };
export const unauthorized: SendOutcome = { outcome: "unauthorized", status: 401, message: "no private key" };
