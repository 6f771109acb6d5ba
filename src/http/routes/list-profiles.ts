import type { Services } from "../../services.ts";
import { profileChangeView, storedProfileView } from "../answers/profile-views.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/profiles", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "listProfiles",
  tag: "Profiles",
  summary: "List the profiles and their latest changes",
  text: "A profile says from which URL endpoints, and with which path transformations, pages show the images below its paths. That decides what one image costs.",
  answers: [{ status: 200, schema: "ProfileList", text: "All profiles, and their history, newest first." }],
  problems: [],
};

export function listProfilesRoute(services: Services) {
  return createRouter().get(route.path, requireScope(services, route.scope), async (c) => {
    const { profiles, version, history } = await c.get("services").ledger.readProfiles();
    return c.json(
      { profiles: profiles.map(storedProfileView), version, history: history.map(profileChangeView) },
      200,
    );
  });
}
