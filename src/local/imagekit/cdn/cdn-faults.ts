import * as z from "zod";

/** What goes wrong when a purge arrives or completes. */
const purgeKinds = ["no-upload", "keep-copy", "clear-late", "visitor-meanwhile"] as const;

/** Something that goes wrong at the CDN on demand. */
export const CdnFault = z
  .strictObject({
    /**
     * An error answer of this status, or what happens instead of a good answer; `headers`: a good answer with other
     * headers. Of purges: `no-upload`, the shop forgets to upload before it; `keep-copy`, it clears nothing;
     * `clear-late`, it clears `delayMs` after Completed; `visitor-meanwhile`, somebody requests the URL right before
     * Completed, when it is cleared already.
     */
    kind: z.union([
      z.int().min(400).max(599),
      z.enum(["hang", "reset", "redirect", "html", "headers", ...purgeKinds]),
    ]),
    times: z.union([z.int().min(1), z.literal("forever")]).default(1),
    urlContains: z.string().min(1).optional(),
    /** Only requests by this method. */
    method: z.enum(["HEAD", "GET"]).optional(),
    /** How long to wait before it shows. */
    delayMs: z.number().min(0).max(86_400_000).optional(),
    /** These instead of the usual ones; null removes one. */
    headers: z.record(z.string().regex(/^[\w-]+$/), z.string().nullable()).optional(),
  })
  .refine(({ kind, headers }) => kind !== "headers" || headers !== undefined, {
    message: "must say which headers",
    path: ["headers"],
  })
  .refine(({ kind, method, headers }) => !isOfPurges(kind) || (method ?? headers) === undefined, {
    message: "is a fault of purges, which have no method and no headers here",
    path: ["kind"],
  });
/** As it is asked for, and with its defaults. */
export type CdnFaultRequest = Readonly<z.input<typeof CdnFault>>;
export type CdnFault = Readonly<z.output<typeof CdnFault>>;

export type PurgeKind = (typeof purgeKinds)[number];
export type AnswerFault = CdnFault & { readonly kind: Exclude<CdnFault["kind"], PurgeKind> };
export type PurgeFault = CdnFault & { readonly kind: PurgeKind };

export type CdnFaults = {
  /** Throws a ZodError when one makes no sense; then none is added. */
  readonly add: (requested: readonly unknown[]) => void;
  /** Those still to strike, `times` being how often. */
  readonly all: () => readonly CdnFault[];
  /** Removes those of this `urlContains` only, or all. */
  readonly clear: (urlContains?: string) => void;
  /** The first that fits a request, used up once. */
  readonly takeForAnswer: (method: string, url: string) => AnswerFault | undefined;
  /** The first of these kinds that fits a purge, used up once. */
  readonly takeForPurge: (kinds: readonly PurgeKind[], target: string) => PurgeFault | undefined;
};

/** Faults in the order in which they were added. */
export function cdnFaults(): CdnFaults {
  let queue: { readonly fault: CdnFault; left: number }[] = [];

  function take<F extends CdnFault>(fits: (fault: CdnFault) => fault is F): F | undefined {
    for (const waiting of queue) {
      const { fault } = waiting;
      if (!fits(fault)) continue;
      waiting.left -= 1;
      if (waiting.left === 0) queue = queue.filter((each) => each !== waiting);
      return fault;
    }
    return undefined;
  }
  const isAbout = ({ urlContains }: CdnFault, url: string) =>
    urlContains === undefined || url.includes(urlContains);

  return {
    add(requested) {
      const faults = z.array(CdnFault).parse(requested);
      queue = queue.concat(
        faults.map((fault) => ({
          fault,
          left: fault.times === "forever" ? Number.POSITIVE_INFINITY : fault.times,
        })),
      );
    },
    all: () =>
      queue.map(({ fault, left }) => ({ ...fault, times: fault.times === "forever" ? "forever" : left })),
    clear(urlContains) {
      queue = queue.filter(({ fault }) => urlContains !== undefined && fault.urlContains !== urlContains);
    },
    takeForAnswer: (method, url) =>
      take(
        (fault): fault is AnswerFault =>
          !isOfPurges(fault.kind) &&
          (fault.method === undefined || fault.method === method) &&
          isAbout(fault, url),
      ),
    takeForPurge: (kinds, target) =>
      take(
        (fault): fault is PurgeFault => kinds.some((kind) => kind === fault.kind) && isAbout(fault, target),
      ),
  };
}

function isOfPurges(kind: string | number): boolean {
  return purgeKinds.some((each) => each === kind);
}
