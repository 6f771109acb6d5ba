import type { Check } from "../../http/health-checks.ts";

/** A page of ours where somebody who reads this can do something about it, and what follows its path. */
export type Remedy = { readonly words: string; readonly page: "/" | "/budget"; readonly rest?: string };

type CheckWords = {
  readonly title: string;
  /** When it is an alarm. */
  readonly loud?: string;
  readonly remedies?: readonly Remedy[];
};

const enterCorrection = { words: "Enter a correction", page: "/budget", rest: "#correction" } as const;
const showUnknown = { words: "Show the unknown ones", page: "/", rest: "?state=unknown" } as const;

/** Checks and alarms as people call them, by the names they have in the API. */
const known: Readonly<Record<string, CheckWords>> = {
  ledger: { title: "Ledger", loud: "The ledger cannot be reached" },
  "send-credentials": { title: "Key for sending" },
  "poll-credentials": { title: "Key for status checks" },
  "send-throttling": { title: "Pace of sending", remedies: [enterCorrection] },
  "poll-throttling": { title: "Pace of status checks" },
  sweep: { title: "Sweep", loud: "The sweep does not run" },
  overdue: {
    title: "Overdue",
    remedies: [{ words: "Show the overdue ones", page: "/", rest: "?state=overdue" }],
  },
  unknown: { title: "Unknown outcome", remedies: [showUnknown] },
  held: {
    title: "Held for budget",
    remedies: [
      { words: "Show the held ones", page: "/", rest: "?state=held" },
      { words: "See the budget", page: "/budget" },
    ],
  },
  "external-spending": { title: "Spent elsewhere", remedies: [enterCorrection] },
  "alarm-ledger-lost": { title: "The ledger lost its content", remedies: [enterCorrection] },
  "alarm-resend-without-budget": {
    title: "No unit is free to send a purge once more",
    remedies: [showUnknown, { words: "See the budget", page: "/budget" }],
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
    title: "ImageKit's answers to purges are lost",
    remedies: [showUnknown],
  },
  "alarm-answers-lost-poll": { title: "ImageKit's answers to status checks are lost" },
  "alarm-throttled-send": { title: "ImageKit takes no purges", remedies: [enterCorrection] },
  "alarm-throttled-poll": { title: "ImageKit takes no status checks" },
  "alarm-unreachable-send": { title: "ImageKit cannot be reached for purges" },
  "alarm-unreachable-poll": { title: "ImageKit cannot be reached for status checks" },
  "alarm-unexpected-answer-send": {
    title: "ImageKit answers purges with something new",
    remedies: [enterCorrection],
  },
  "alarm-unexpected-answer-poll": { title: "ImageKit answers status checks with something new" },
};

/** A check's own name stands in where it has no words yet. */
export function wordsOf({ name }: Check): Required<CheckWords> {
  const { title, loud, remedies = [] } = known[name] ?? { title: name };
  return { title, loud: loud ?? title, remedies };
}

export function isAlarm({ name }: Check): boolean {
  return name.startsWith("alarm-");
}

/** How things stand, in a sentence. */
export function summaryOf(checks: readonly Check[]): string {
  const alarms = loudOf(checks).length;
  const warnings = checks.filter(({ state }) => state === "warning").length;
  const toLookAt = warnings === 1 ? "1 thing to look at" : `${warnings} things to look at`;
  if (alarms === 0) return warnings === 0 ? "All is well" : capital(toLookAt);
  const needed = alarms === 1 ? "1 thing needs you now" : `${alarms} things need you now`;
  return warnings === 0 ? needed : `${needed}, and ${toLookAt}`;
}

/** Alarms, each once: a check that an alarm of the ledger already explains is not repeated. */
export function loudOf(checks: readonly Check[]): readonly Check[] {
  const explained = new Set(checks.filter(isAlarm).map(({ name }) => sameAs[name]));
  return checks.filter(({ name, state }) => state === "alarm" && !explained.has(name));
}

const sameAs: Readonly<Record<string, string>> = {
  "alarm-credentials-send": "send-credentials",
  "alarm-credentials-poll": "poll-credentials",
  "alarm-throttled-send": "send-throttling",
  "alarm-throttled-poll": "poll-throttling",
};

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
