import type { Services } from "../../services.ts";
import { invalidRequest } from "../answers/problem.ts";
import { purgeView } from "../answers/views.ts";
import { limitConcurrency, maxSearches } from "../middleware/load-shedding.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { decodeCursor, encodeCursor } from "../requests/cursor.ts";
import { readQuery } from "../requests/query.ts";
import { listQuery, notACursor } from "../requests/schemas.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/purges", scope: "read" } as const satisfies Route;

const defaultLimit = 50;

export const description: Description = {
  route,
  operationId: "listPurges",
  tag: "Purges",
  summary: "List purges, newest first",
  text: "A search reads at most 5,000 records a page, so a page can be short or even empty and still have a `nextCursor`.",
  query: {
    state: "Only purges in this state. `scheduled`: those that wait for their `sendAt`.",
    edge: "Only purges whose edge check ended so, or is `waiting`. `unproven`: completed and checked, and neither `fresh` nor `gone`.",
    q: "Only purges whose URL, reason, id, batch id or ImageKit request id contains this text, ignoring the case of ASCII letters. In URLs, characters such as spaces and umlauts also match their percent-encoding. A batch that joined a purge is found by its whole id.",
    actor: "Only purges by this actor.",
    batch: "Only purges in this batch.",
    from: "Created at this time or later.",
    to: "Created before this time.",
    limit: "At most this many purges on a page. Default: 50.",
    cursor: "`nextCursor` of the previous page, with the same filters.",
  },
  queryExamples: { state: "pending" },
  answers: [{ status: 200, schema: "PurgePage", text: "A page of purges." }],
  problems: [],
};

export function listPurgesRoute(services: Services) {
  const admitted = [requireScope(services, route.scope), limitConcurrency(maxSearches)] as const;
  return createRouter().get(route.path, ...admitted, async (c) => {
    const query = readQuery(c, listQuery);
    if (query instanceof Response) return query;

    const { state, edge, q, actor, batch, from, to, limit, cursor: cursorText } = query;
    const cursor = cursorText === undefined ? undefined : decodeCursor(cursorText);
    if (cursorText !== undefined && cursor === undefined) {
      return invalidRequest(c, [{ in: "query", at: "cursor", message: notACursor }]);
    }
    const page = await c.get("services").ledger.listPurges({
      state,
      edge,
      text: q,
      actor,
      batchId: batch,
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
      limit: limit ?? defaultLimit,
      cursor,
    });
    const nextCursor = page.next === undefined ? null : encodeCursor(page.next);
    return c.json({ purges: page.purges.map(purgeView), nextCursor }, 200);
  });
}
