/** The descriptions of fields and the example answers in the OpenAPI document. Tests check both against the schemas. */

export const fieldTexts: Readonly<Record<string, string>> = {
  "PurgeRequest.urls":
    "Exact URLs, or wildcards that end in `*`, below a configured URL endpoint. ImageKit gets them exactly as the plan shows.",
  "PurgeRequest.reason": "For people; shown with the purges.",
  "PurgeRequest.changedAt":
    "When the content changed; at most a minute in the future, to allow for clock differences. A purge that is sent after this time is joined for free. Default: now.",
  "PurgeRequest.onInvalid": "`reject`: one bad line rejects the batch. `skip`: the good lines are submitted.",
  "PurgeRequest.onExhausted":
    "`reject`: the batch is rejected if the budget does not cover all of it. `hold`: lines are sent in order while the budget lasts, and the rest waits for more.",
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
  "Purge.units": "Units charged or reserved for it now.",
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
  "Problem.type": "`urn:purge-desk:problem:` and the code.",
  "Problem.lines": "With `invalid-urls`: the lines as in a plan. With `forbidden`: the numbers of the lines.",
  "Problem.errors": "With `invalid-body`: each fault, located by a JSON pointer or a name.",
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
    { at: "2026-11-23T18:00:01.000Z", state: "queued", by: "storefront", note: "submitted" },
    { at: "2026-11-23T18:00:01.020Z", state: "sending", by: "purge-desk", note: "attempt 1" },
    {
      at: "2026-11-23T18:00:01.310Z",
      state: "pending",
      by: "purge-desk",
      note: "accepted by ImageKit (201)",
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
        warnings: [],
      },
      { line: 2, input: "https://ik.imagekit.io/demo/shoe.jpg", verdict: "duplicate", of: 1 },
      {
        line: 3,
        input: "https://ik.imagekit.io/demo/images*",
        verdict: "rejected",
        violations: [
          {
            code: "wildcard-too-broad",
            message:
              "A wildcard needs two levels, 15 characters or a file name with its extension before the *.",
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
