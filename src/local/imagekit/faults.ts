import * as z from "zod";
import { type Random, seededRandom } from "./random.ts";

/** Faults after which the purge has been processed all the same, so that it counts as accepted. */
const processingKinds = ["slow", "reset-after-processing", "garbage", "no-request-id"] as const;
/** An error answer of this status; 429 with its headers, 5xx in HTML. */
const ErrorStatus = z.int().min(400).max(599);

/** Something that goes wrong on demand. */
export const Fault = z
  .strictObject({
    endpoint: z.enum(["send", "poll", "any"]),
    kind: z.union([
      ErrorStatus,
      z.enum([...processingKinds, "hang", "redirect", "reset-before-body-is-read"]),
    ]),
    times: z.union([z.int().min(1), z.literal("forever")]).default(1),
    /** Of each request that it fits; a request that is spared goes on to the next fault. */
    probability: z.number().min(0).max(1).default(1),
    urlContains: z.string().min(1).optional(),
    /** How long to wait before it shows. */
    delayMs: z.number().min(0).max(86_400_000).optional(),
    /** Of a 429: `X-RateLimit-Reset`. */
    resetMs: z.number().min(0).optional(),
    /** Of an error answer: instead of ImageKit's words. */
    message: z.string().optional(),
    /** Of an error answer, hang or redirect: the purge is processed nevertheless. */
    processed: z.boolean().optional(),
    seed: z.int().optional(),
  })
  .refine(({ kind, urlContains }) => kind !== "reset-before-body-is-read" || urlContains === undefined, {
    message: "cannot depend on a URL that is never read",
    path: ["urlContains"],
  })
  .refine(
    ({ kind, processed }) =>
      processed === undefined || kind === "hang" || kind === "redirect" || typeof kind === "number",
    {
      message: "is settled by the kind",
      path: ["processed"],
    },
  );
/** As it is asked for, and with its defaults. */
export type FaultRequest = Readonly<z.input<typeof Fault>>;
export type Fault = Readonly<z.output<typeof Fault>>;

export type Faults = {
  /** Throws a ZodError when one makes no sense; then none is added. */
  readonly add: (requested: readonly unknown[]) => void;
  /** Those still to strike, `times` being how often. */
  readonly all: () => readonly Fault[];
  readonly clear: () => void;
  /** Whether choosing one for this endpoint needs the URL. */
  readonly needUrl: (endpoint: "send" | "poll") => boolean;
  /** The first that fits, used up once. */
  readonly take: (endpoint: "send" | "poll", url: string | undefined) => Fault | undefined;
};

/** Faults in the order in which they were added. `seed` is for those without their own. */
export function faultQueue(seed: () => number): Faults {
  let queue: { readonly fault: Fault; readonly random: Random; left: number }[] = [];
  const fits = (fault: Fault, endpoint: "send" | "poll") =>
    fault.endpoint === "any" || fault.endpoint === endpoint;

  return {
    add(requested) {
      const faults = z.array(Fault).parse(requested);
      queue = queue.concat(
        faults.map((fault) => ({
          fault,
          random: seededRandom(fault.seed ?? seed()),
          left: fault.times === "forever" ? Number.POSITIVE_INFINITY : fault.times,
        })),
      );
    },
    all: () =>
      queue.map(({ fault, left }) => ({ ...fault, times: fault.times === "forever" ? "forever" : left })),
    clear() {
      queue = [];
    },
    needUrl: (endpoint) =>
      queue.some(({ fault }) => fault.urlContains !== undefined && fits(fault, endpoint)),
    take(endpoint, url) {
      const struck = queue.find(
        ({ fault, random }) =>
          fits(fault, endpoint) &&
          (fault.urlContains === undefined || url?.includes(fault.urlContains)) &&
          random() < fault.probability,
      );
      if (struck === undefined) return undefined;
      struck.left -= 1;
      if (struck.left === 0) queue = queue.filter((waiting) => waiting !== struck);
      return struck.fault;
    },
  };
}
