import * as z from "zod/mini";
import { parseLeases } from "./parse-leases.ts";
import { json } from "./parse-purge.ts";
import { parseBatch, parseBudget } from "./replies.ts";
import type { Reservation, ReserveReply } from "./reservation.ts";
import type { RunScript } from "./script.ts";
import { pointerName, repeatName } from "./target.ts";

const replyWord = z.enum(["reserved", "replayed", "key-reused", "exhausted", "repeating"]);
const repeating = z.pipe(json, z.array(z.object({ id: z.string(), since: z.number() })));

export async function reserve(run: RunScript, reservation: Reservation): Promise<ReserveReply> {
  const { idempotency, lines, purges, ...rest } = reservation;
  const [word, ...reply] = await run("reserve", {
    ...rest,
    ...idempotency,
    lines: JSON.stringify(lines),
    purges: await Promise.all(
      purges.map(async ({ maskedUrl, ...purge }) => ({
        ...purge,
        maskedUrl: maskedUrl === purge.url ? undefined : maskedUrl,
        target: await pointerName(purge.url, reservation.sendAfter),
        unscheduled:
          purge.check && reservation.sendAfter !== undefined
            ? await pointerName(purge.url, undefined)
            : undefined,
        repeats: await repeatName(purge.url),
      })),
    ),
  });
  const outcome = replyWord.parse(word);
  switch (outcome) {
    case "reserved":
      return {
        outcome,
        batch: parseBatch(reply.slice(1)),
        ...parseLeases(reply[0], { ...reservation.lease, lane: "send" }),
      };
    case "replayed":
      return { outcome, batch: parseBatch(reply.slice(1)) };
    case "key-reused":
      return { outcome };
    case "repeating":
      return { outcome, purges: repeating.parse(reply[0]) };
    case "exhausted":
      return { outcome, units: Number(reply[0]), budget: parseBudget(reply[1]) };
  }
}
