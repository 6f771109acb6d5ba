import type { Context } from "hono";
import { isTerminal, type Purge } from "../../domain/purge.ts";
import { TooManyRequests } from "../../ledger/principal.ts";
import type { Services } from "../../services.ts";
import { findRequest } from "../../use-cases/find-request.ts";
import { imagekitError, imagekitSentences } from "../answers/imagekit-error.ts";
import type { Env } from "../context.ts";
import { maxSearches } from "../middleware/load-shedding.ts";
import { requireKey } from "../middleware/require-key.ts";
import type { Description, Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/v1/files/purge/:requestId", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "dropInStatus",
  tag: "ImageKit's API",
  summary: "Read the status of a purge, as ImageKit's own API does",
  text: "`Completed` only once ImageKit says so, `Pending` until then. A purge that ended otherwise (refused, cancelled, abandoned) is answered as an unknown id is, with 400; the log says why. ImageKit's own ids are found too, among the newest 5,000 purges. A status check that is due is made with ImageKit before the answer.",
  answers: [
    { status: 200, schema: "ImageKitStatus", text: "The status." },
    {
      status: 400,
      schema: "ImageKitError",
      text: "No purge has this id, or it ended without being completed.",
    },
  ],
  problems: [],
};

export function dropInStatusRoute(services: Services) {
  let searches = 0;
  return createRouter().get(route.path, requireKey(services, route.scope), async (c) => {
    const own = c.get("services");
    const purge = await findRequest(own, c.req.param("requestId"), limitSearches);
    if (purge === undefined) return noSuchRequest(c, "Purge Desk knows no purge by this id.");
    if (purge.state === "completed") return c.json({ status: "Completed" }, 200);
    if (!isTerminal(purge.state)) return c.json({ status: "Pending" }, 200);
    return endedOtherwise(c, purge);
  });

  async function limitSearches<T>(search: () => Promise<T>): Promise<T> {
    if (searches >= maxSearches) throw new TooManyRequests(1_000);
    searches += 1;
    try {
      return await search();
    } finally {
      searches -= 1;
    }
  }
}

/** ImageKit's API has no state for a purge that failed. */
function endedOtherwise(c: Context<Env>, { id: purgeId, state, error }: Purge): Response {
  c.get("services").log("drop-in-ended", { purgeId, state, cause: error?.message });
  return noSuchRequest(c, `Purge Desk has it as ${purgeId}, which ended ${state}.`);
}

function noSuchRequest(c: Context<Env>, help: string): Response {
  return imagekitError(c, 400, { message: imagekitSentences.unknownId, help });
}
