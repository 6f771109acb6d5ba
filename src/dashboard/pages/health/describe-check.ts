import type { Check } from "../../../http/answers/check.ts";
import { capitalize } from "../../shared/words.ts";

/** A link to a page where the reader can do something about it. `rest` follows the path. */
export type Remedy = { readonly words: string; readonly page: "/" | "/budget"; readonly rest?: string };

type CheckDescription = {
  readonly title: string;
  /** The title when it is an alarm. */
  readonly loud?: string;
  readonly remedies?: readonly Remedy[];
};

const enterCorrection = { words: "Enter a correction", page: "/budget", rest: "#correction" } as const;
const showUnknown = { words: "Show unknown purges", page: "/", rest: "?state=unknown" } as const;

/** Titles and remedies of checks and alarms, by their names in the API. */
const known: Readonly<Record<string, CheckDescription>> = {
  ledger: { title: "Ledger", loud: "The ledger cannot be reached" },
  "send-credentials": { title: "Key for purges" },
  "poll-credentials": { title: "Key for status checks" },
  "send-throttling": { title: "Rate limit for purges", remedies: [enterCorrection] },
  "poll-throttling": { title: "Rate limit for status checks" },
  sweep: { title: "Sweep", loud: "The sweep does not run" },
  overdue: {
    title: "Overdue",
    remedies: [{ words: "Show overdue purges", page: "/", rest: "?state=overdue" }],
  },
  unknown: { title: "Unknown outcome", remedies: [showUnknown] },
  held: {
    title: "Held for budget",
    remedies: [
      { words: "Show held purges", page: "/", rest: "?state=held" },
      { words: "See the budget", page: "/budget" },
    ],
  },
  scheduled: {
    title: "Scheduled",
    remedies: [{ words: "Show scheduled purges", page: "/", rest: "?state=scheduled" }],
  },
  repeating: { title: "Repeated purges" },
  unchanged: {
    title: "Images after their purge",
    remedies: [{ words: "Show the unchanged ones", page: "/", rest: "?edge=unchanged" }],
  },
  budget: {
    title: "Budget",
    loud: "The month's budget is used up",
    remedies: [{ words: "See the budget", page: "/budget" }, enterCorrection],
  },
  "external-spending": { title: "Spent elsewhere", remedies: [enterCorrection] },
  "ledger-memory": { title: "Redis is full" },
  eviction: { title: "Memory of Redis" },
  "alarm-ledger-lost": { title: "The ledger lost its content", remedies: [enterCorrection] },
  "alarm-ledger-damaged": { title: "The ledger lost keys", remedies: [enterCorrection] },
  "alarm-ledger-rolled-back": {
    title: "The ledger went back to an earlier state",
    remedies: [enterCorrection],
  },
  "alarm-resend-without-budget": {
    title: "No unit is free to resend a purge",
    remedies: [showUnknown, { words: "See the budget", page: "/budget" }],
  },
  "alarm-stale": {
    title: "An old image is still served after its purge",
    remedies: [{ words: "Show the stale ones", page: "/", rest: "?edge=stale" }],
  },
  "alarm-abandoned": {
    title: "A purge was given up",
    remedies: [{ words: "Show the abandoned ones", page: "/", rest: "?state=abandoned" }],
  },
  "alarm-unknown-not-resent": { title: "A purge waits for your decision", remedies: [showUnknown] },
  "alarm-credentials-send": {
    title: "ImageKit refuses the key for purges",
    remedies: [enterCorrection],
  },
  "alarm-credentials-poll": { title: "ImageKit refuses the key for status checks" },
  "alarm-answers-lost-send": {
    title: "ImageKit's answers to purges do not arrive",
    remedies: [showUnknown],
  },
  "alarm-answers-lost-poll": { title: "ImageKit's answers to status checks do not arrive" },
  "alarm-throttled-send": { title: "ImageKit accepts no purges", remedies: [enterCorrection] },
  "alarm-throttled-poll": { title: "ImageKit accepts no status checks" },
  "alarm-unreachable-send": { title: "ImageKit cannot be reached for purges" },
  "alarm-unreachable-poll": { title: "ImageKit cannot be reached for status checks" },
  "alarm-unexpected-answer-send": {
    title: "ImageKit answers purges with something new",
    remedies: [enterCorrection],
  },
  "alarm-unexpected-answer-poll": { title: "ImageKit answers status checks with something new" },
};

/** A check without an entry is called by its own name. */
export function describeCheck({ name }: Check): Required<CheckDescription> {
  const { title, loud, remedies = [] } = known[name] ?? { title: name };
  return { title, loud: loud ?? title, remedies };
}

function isAlarm({ name }: Check): boolean {
  return name.startsWith("alarm-");
}

/** The overall state in one sentence. */
export function summarizeChecks(checks: readonly Check[]): string {
  const alarms = loudOf(checks).length;
  const warnings = checks.filter(({ state }) => state === "warning").length;
  const toLookAt = warnings === 1 ? "1 thing to check" : `${warnings} things to check`;
  if (alarms === 0) return warnings === 0 ? "All is well" : capitalize(toLookAt);
  const needed = alarms === 1 ? "1 thing needs you now" : `${alarms} things need you now`;
  return warnings === 0 ? needed : `${needed}, and ${toLookAt}`;
}

/** The alarms, without checks that an alarm of the ledger already explains. */
export function loudOf(checks: readonly Check[]): readonly Check[] {
  return withoutExplained(checks).filter(({ state }) => state === "alarm");
}

/** Everything else: a page says nothing twice. */
export function quietOf(checks: readonly Check[]): readonly Check[] {
  return withoutExplained(checks).filter(({ state }) => state !== "alarm");
}

function withoutExplained(checks: readonly Check[]): readonly Check[] {
  const explained = new Set(checks.filter(isAlarm).map(({ name }) => sameAs[name]));
  return checks.filter(({ name }) => !explained.has(name));
}

const sameAs: Readonly<Record<string, string>> = {
  "alarm-credentials-send": "send-credentials",
  "alarm-credentials-poll": "poll-credentials",
  "alarm-throttled-send": "send-throttling",
  "alarm-throttled-poll": "poll-throttling",
};
