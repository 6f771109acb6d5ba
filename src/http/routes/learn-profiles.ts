import { learnProfiles } from "../../planning/learn-profiles.ts";
import type { Services } from "../../services.ts";
import { invalidRequest } from "../answers/problem.ts";
import { learnedView } from "../answers/profile-views.ts";
import { limitConcurrency, maxLearning } from "../middleware/load-shedding.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readRequestBody } from "../requests/body.ts";
import { createRouter } from "../router.ts";

const route = { method: "post", path: "/api/profiles/learn", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "learnProfiles",
  tag: "Profiles",
  summary: "Find out which profiles your pages need",
  text: "Reads any text that contains image URLs (HTML, a sitemap, a stylesheet, JSON, an access log, a list) and answers with the profiles that would clear what it found. `seen` says how often each path transformation occurs. Remove those that your pages do not really use: each one costs a unit for every image. Stores nothing.",
  body: {
    schema: "Text",
    text: "Up to 512 KiB in UTF-8. URLs that are not below a configured URL endpoint are ignored.",
    example: "https://ik.imagekit.io/demo/tr:w-400/products/shoe.jpg 400w",
  },
  answers: [{ status: 200, schema: "Learned", text: "The profiles, and what was ignored." }],
  problems: [],
};

export function learnProfilesRoute(services: Services) {
  const admitted = [requireScope(services, route.scope), limitConcurrency(maxLearning)] as const;
  return createRouter().post(route.path, ...admitted, async (c) => {
    const body = await readRequestBody(c, ["text"]);
    if (body instanceof Response) return body;
    const text = body.kind === "text" ? body.text : "";
    if (text.includes("\0")) {
      const message = "contains NUL characters: it is binary, or text in another encoding than UTF-8";
      return invalidRequest(c, [{ in: "body", at: "", message }]);
    }
    return c.json(learnedView(learnProfiles(text, services.config.endpoints)), 200);
  });
}
