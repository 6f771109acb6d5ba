import type { Services } from "../../services.ts";
import { applyProfileChange } from "../../use-cases/change-profile.ts";
import { problem } from "../answers/problem.ts";
import { profileBusy, profileChanged } from "../answers/profile-problems.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readExpectedProfile } from "../requests/expected-profile.ts";
import { createRouter } from "../router.ts";

const route = { method: "delete", path: "/api/profiles/:name", scope: "admin" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "deleteProfile",
  tag: "Profiles",
  summary: "Delete a profile",
  text: "Images below its paths are then cleared as another matching profile says, or else only at the endpoint of their URL. Queued purges stay as they are. If the answer was lost, a 404 to the repeated request says that the profile is gone.",
  headers: [
    {
      name: "If-Match",
      text: 'The profile\'s `version` in quotation marks, such as `"12"`. `*`: delete whatever there is.',
      example: "*",
    },
  ],
  answers: [{ status: 204, text: "The profile was deleted." }],
  problems: ["not-found", "profile-changed"],
};

export function deleteProfileRoute(services: Services) {
  return createRouter().delete(route.path, requireScope(services, route.scope), async (c) => {
    const name = c.req.param("name");
    const expected = readExpectedProfile(c);
    if (expected instanceof Response) return expected;
    const reply = await applyProfileChange(c.get("services"), c.get("caller"), { name, expected });
    switch (reply.outcome) {
      case "deleted":
        return c.body(null, 204);
      case "not-found":
        return problem(c, "not-found", "There is no profile with this name.");
      case "changed-meanwhile":
        return profileChanged(c, { name, expected }, reply);
      case "busy":
        return profileBusy(c);
      default:
        throw new Error(`deleting a profile led to ${reply.outcome}`);
    }
  });
}
