import * as z from "zod";

const Milliseconds = z.number().min(0).max(86_400_000);

const Bucket = z.union([
  z.literal("none"),
  z.strictObject({ perSecond: z.number().positive(), burst: z.number().min(1) }),
]);

/** What can be changed while it runs. Everything ImageKit leaves undocumented is here and not in the code. */
export const Settings = z.strictObject({
  /** Purges accepted before they are blocked. */
  quota: z.union([z.literal("none"), z.int().min(0)]),
  /** What a purge beyond the quota is answered. Undocumented: 403 is a guess. */
  quotaAnswer: z.strictObject({ status: z.int().min(400).max(599), message: z.string() }),
  /** Whether a refused purge costs a unit too. Undocumented. */
  refusedCosts: z.boolean(),
  /** How long a purge is Pending, decided when it is accepted. */
  pendingMs: z.union([
    Milliseconds,
    z.literal("never"),
    z
      .strictObject({ minMs: Milliseconds, maxMs: Milliseconds })
      .refine(({ minMs, maxMs }) => minMs <= maxMs, "minMs is more than maxMs"),
  ]),
  /** "Completed" is documented, "Complete" was seen. */
  completedWord: z.string(),
  /** Before every answer: fixed, or log-normal. */
  latencyMs: z.union([
    Milliseconds,
    z.strictObject({ medianMs: Milliseconds, sigma: z.number().min(0).max(5) }),
  ]),
  /** A token bucket for each endpoint; what it has no token for is answered 429. */
  rateLimit: z.strictObject({ send: Bucket, poll: Bucket }),
  /**
   * Whether the shop in front uploads images anew by the control API only, or each file also right before its purge, as it
   * should.
   */
  uploads: z.enum(["by-hand", "before-each-purge"]),
  /** Of the pending times, the latencies, and the faults that bring no seed of their own. */
  seed: z.int(),
});
export type Settings = Readonly<z.infer<typeof Settings>>;

export const SettingsChange = Settings.partial();
export type SettingsChange = Readonly<z.infer<typeof SettingsChange>>;

export const defaultSettings: Settings = {
  quota: 1_000,
  quotaAnswer: { status: 403, message: "Your account has used up its cache purges of this month." },
  refusedCosts: false,
  pendingMs: 3_000,
  completedWord: "Completed",
  latencyMs: 0,
  rateLimit: { send: "none", poll: "none" },
  uploads: "by-hand",
  seed: 1,
};

/** These settings with those that the change names. Throws a ZodError when one of them makes no sense. */
export function changed(settings: Settings, change: SettingsChange): Settings {
  const named = Object.entries(SettingsChange.parse(change)).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(named) };
}
