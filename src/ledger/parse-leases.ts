import * as z from "zod/mini";
import type { Lane } from "./keys.ts";
import type { LeaseReply, LeaseRequest } from "./leases.ts";
import { edgeCheck, json, listOf, optionalTime } from "./parse-purge.ts";

function leasesOf<T extends z.ZodMiniType>(lease: T) {
  return z.pipe(json, z.object({ leases: listOf(lease), retryInMs: z.optional(z.number()) }));
}

const sendLeases = leasesOf(
  z.object({
    purgeId: z.string(),
    url: z.string(),
    leasedAt: z.number(),
    checkUrl: z.optional(z.string()),
  }),
);
const pollLeases = leasesOf(z.object({ purgeId: z.string(), imagekitRequestId: z.string() }));
const checkLeases = leasesOf(
  z.object({
    purgeId: z.string(),
    leasedAt: z.number(),
    sentAt: z.number(),
    completedAt: z.number(),
    changedAt: optionalTime,
    edge: edgeCheck,
  }),
);

/** The leases that a request got, each with the request's token. */
export function parseLeases(
  reply: unknown,
  { token, lane }: LeaseRequest & { readonly lane: Lane },
): LeaseReply {
  switch (lane) {
    case "send": {
      const { leases, retryInMs } = sendLeases.parse(reply);
      return { leases: leases.map((lease) => ({ ...lease, lane, token })), retryInMs };
    }
    case "poll": {
      const { leases, retryInMs } = pollLeases.parse(reply);
      return { leases: leases.map((lease) => ({ ...lease, lane, token })), retryInMs };
    }
    case "check": {
      const { leases, retryInMs } = checkLeases.parse(reply);
      return { leases: leases.map((lease) => ({ ...lease, lane, token })), retryInMs };
    }
  }
}
