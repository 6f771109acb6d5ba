/** The descriptions of fields and the example answers in the OpenAPI document. Tests check both against the schemas. */

export const fieldTexts: Readonly<Record<string, string>> = {
  "PurgeRequest.urls":
    "Exact URLs, or wildcards that end in `*`, below a configured URL endpoint. ImageKit gets them exactly as the plan shows.",
  "PurgeRequest.reason": "For people; shown with the purges.",
  "PurgeRequest.changedAt":
    "When the content changed; at most a minute in the future, to allow for clock differences. A purge that is not yet sent, or was sent after this time, is joined for free. State milliseconds: without them the time counts as the end of its second. Requests that state the same milliseconds share one purge even if your clock runs ahead. Default: now.",
  "PurgeRequest.onInvalid":
    "`reject` (default): one bad line rejects the batch. `skip`: the good lines are submitted.",
  "PurgeRequest.onMistake":
    "`reject` (default): a line that is probably a mistake, such as an unfilled template, is a bad line (`probably-a-mistake`). `send`: it is sent all the same, with a warning of severity `mistake`.",
  "PurgeRequest.onExhausted":
    "`reject` (default): the batch is rejected if the budget does not cover all of it. `hold`: lines are sent in order while the budget lasts, and the rest waits for more.",
  "Correction.external": "All units spent elsewhere in the current month.",
  "Correction.reason": "For people.",
  "Plan.units": "The cost: one unit per new target.",
  "Plan.availableAfter": "What would be left; negative if the budget does not cover it.",
  "Batch.done": "Whether all its purges have ended.",
  "Batch.units":
    "What this batch itself cost when it was accepted; joined, duplicate and covered lines are free. What has been returned since shows in the `units` of its purges.",
  "Batch.lines":
    "Each with the `state` of the purge that serves it. A line is cleared only when that is `completed`: a covered or joined line whose purge ended otherwise was not cleared.",
  "Batch.purges": "Every purge that serves a line, including joined ones.",
  "Purge.batchId": "The batch that made it; others may have joined it.",
  "Purge.url": "The target; values of `ik-s` and `ik-t` are masked.",
  "Purge.state":
    "`pending`: ImageKit accepted it. `completed`: ImageKit reported Completed. `overdue`: not Completed after 15 minutes. `unknown`: sent, but no usable answer arrived.",
  "Purge.units": "Units spent or reserved for it now.",
  "Purge.attempts": "How many POSTs to ImageKit have begun.",
  "Purge.checks": "How many status checks ImageKit has answered.",
  "Purge.nextCheckAt": "When Purge Desk next acts on it.",
  "Purge.timeline": "Oldest first. Repetitions share one entry, which has their number and the latest time.",
  "Purge.support": "For overdue purges: a mail to ImageKit's support, ready to send.",
  "PurgePage.nextCursor": "Pass it as `cursor` to get the next page; null on the last page.",
  "Budget.month": "The month in which the current period began.",
  "Budget.margin": "Units that are never spent.",
  "Budget.reserved": "Reserved for accepted purges that have not been sent.",
  "Budget.external": "Spent elsewhere, as entered by a correction.",
  "Budget.held": "Purges that wait for budget.",
  "Warning.severity":
    "`note`: good to know. `caution`: the target probably clears nothing, or not what was meant. `mistake`: the line was accepted only because of `onMistake`.",
  "Warning.suggestion": "A line that passes without a caution, and may be what was meant.",
  "Violation.message": "Begins with what to do.",
  "Violation.why": "Details: which rule failed and what the line has.",
  "Violation.suggestion":
    "What passes without a caution: one URL, or several, each on its own line. Never contains a signature.",
  "Problem.type": "`urn:purge-desk:problem:` and the code.",
  "Problem.lines": "With `invalid-urls`: the lines as in a plan. With `forbidden`: the numbers of the lines.",
  "Problem.errors":
    "With `invalid-body`, `invalid-query` and `invalid-header`: each fault, located by a JSON pointer or a name.",
  "Problem.scope": "With `forbidden`: the required scope.",
  "Problem.state": "With `state-conflict`: the purge's state.",
  "Problem.support": "With `budget-exhausted`: a mail that asks ImageKit to raise the quota.",
};

const budget = {
  month: "2026-11",
  quota: 1000,
  margin: 0,
  spent: 12,
  reserved: 3,
  external: 0,
  available: 985,
  held: 0,
  resetsAt: "2026-12-01T00:00:00.000Z",
} as const;

const purge = {
  id: "p_01kaq3h8x0fj7m2k9t4v6w8y0z",
  batchId: "b_01kaq3h8x0fj7m2k9t4v6w8y0a",
  lines: [1],
  url: "https://ik.imagekit.io/demo/shoe.jpg",
  kind: "exact",
  state: "pending",
  imagekitRequestId: "598821f949c0a938d57563bd",
  units: 1,
  attempts: 1,
  checks: 0,
  actor: "storefront",
  reason: "new autumn photo",
  createdAt: "2026-11-23T18:00:01.000Z",
  sentAt: "2026-11-23T18:00:01.020Z",
  acceptedAt: "2026-11-23T18:00:01.310Z",
  completedAt: null,
  endedAt: null,
  nextCheckAt: "2026-11-23T18:00:06.310Z",
  error: null,
  timeline: [
    {
      at: "2026-11-23T18:00:01.000Z",
      state: "queued",
      by: "storefront",
      note: "Accepted; one unit is set aside for it.",
    },
    { at: "2026-11-23T18:00:01.020Z", state: "sending", by: "purge-desk", note: "Sent to ImageKit." },
    {
      at: "2026-11-23T18:00:01.310Z",
      state: "pending",
      by: "purge-desk",
      note: "ImageKit accepted it.",
    },
  ],
  support: null,
} as const;

export const answerExamples = {
  Plan: {
    units: 1,
    lines: [
      {
        line: 1,
        input: "https://ik.imagekit.io/demo/shoe.jpg",
        verdict: "accepted",
        url: "https://ik.imagekit.io/demo/shoe.jpg",
        kind: "exact",
        warnings: [
          {
            code: "exact-only",
            severity: "note",
            message:
              "Clears exactly this URL. To clear its versions and query transformations (?tr=…) too, end it with *; path transformations (/tr:…/) need a purge of their own.",
          },
        ],
      },
      { line: 2, input: "https://ik.imagekit.io/demo/shoe.jpg", verdict: "duplicate", of: 1 },
      {
        line: 3,
        input: "https://ik.imagekit.io/demo/images*",
        verdict: "rejected",
        violations: [
          {
            code: "wildcard-too-broad",
            message: "Too broad for ImageKit. Add a folder (/images/autumn/*) or a file (/images/red.jpg*).",
            why: "ImageKit accepts a wildcard if the part before the * has at least two levels (/images/upload*), or at least 15 characters, or is a complete file path with extension (/sample.jpg*).",
          },
        ],
      },
    ],
    budget,
    availableAfter: 984,
  },
  Batch: {
    id: "b_01kaq3h8x0fj7m2k9t4v6w8y0a",
    createdAt: "2026-11-23T18:00:01.000Z",
    actor: "storefront",
    reason: "new autumn photo",
    done: false,
    units: 1,
    lines: [{ line: 1, verdict: "accepted", purgeId: purge.id, warnings: [], state: "pending" }],
    purges: [purge],
    budget,
  },
  Purge: purge,
  PurgePage: { purges: [purge], nextCursor: null },
  Budget: budget,
  Health: { status: "up" },
} as const;
