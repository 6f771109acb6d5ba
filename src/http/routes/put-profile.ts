import type { Context } from "hono";
import type { Services } from "../../services.ts";
import { applyProfileChange } from "../../use-cases/change-profile.ts";
import { invalidRequest } from "../answers/problem.ts";
import { profileBusy, profileChanged } from "../answers/profile-problems.ts";
import { storedProfileView } from "../answers/profile-views.ts";
import type { Env } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readRequestBody } from "../requests/body.ts";
import { entityTagOf, readExpectedProfile } from "../requests/expected-profile.ts";
import { profileBody } from "../requests/schemas.ts";
import { validate } from "../requests/validate.ts";
import { createRouter } from "../router.ts";

const route = { method: "put", path: "/api/profiles/:name", scope: "admin" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "putProfile",
  tag: "Profiles",
  summary: "Create or replace a profile",
  text: "Replacing needs `If-Match` with the version that you have seen, so that nobody's change is lost; creating needs none. Putting what is in force already changes nothing, so a request whose answer was lost is safe to repeat. Queued purges stay as they are.",
  body: {
    schema: "Profile",
    examples: {
      shop: {
        summary: "Product images in four widths, by path",
        value: {
          paths: ["/products/"],
          endpoints: ["https://ik.imagekit.io/demo"],
          transformations: ["tr:w-{400,640,750}", "tr:w-1080,c-at_max"],
        },
      },
    },
  },
  headers: [
    {
      name: "If-Match",
      text: 'The profile\'s `version` in quotation marks, such as `"12"`, as in the `ETag` of the answer. `*`: replace whatever there is.',
    },
    { name: "If-None-Match", text: "`*`: only create the profile." },
  ],
  answers: [
    {
      status: 201,
      schema: "StoredProfile",
      text: "The profile was created.",
      headers: { ETag: "The profile's version, for `If-Match`." },
    },
    {
      status: 200,
      schema: "StoredProfile",
      text: "The profile was replaced, or was the same already.",
      headers: { ETag: "The profile's version, for `If-Match`." },
    },
  ],
  problems: ["profile-changed"],
};

export function putProfileRoute(services: Services) {
  return createRouter().put(route.path, requireScope(services, route.scope), async (c) => {
    const name = c.req.param("name");
    const expected = readExpectedProfile(c);
    if (expected instanceof Response) return expected;
    const profile = await readProfile(c, name);
    if (profile instanceof Response) return profile;
    const reply = await applyProfileChange(c.get("services"), c.get("caller"), { name, profile, expected });
    switch (reply.outcome) {
      case "created":
      case "changed":
      case "unchanged": {
        const headers = { ETag: entityTagOf(reply.profile) };
        return c.json(storedProfileView(reply.profile), reply.outcome === "created" ? 201 : 200, headers);
      }
      case "invalid":
        return invalidRequest(
          c,
          reply.faults.map((fault) => ({ in: "body", ...fault })),
        );
      case "changed-meanwhile":
        return profileChanged(c, { name, expected }, reply);
      case "busy":
        return profileBusy(c);
      case "deleted":
      case "not-found":
        throw new Error("a profile that was put is not there");
    }
  });
}

/** The profile of the body under the name of the address, or the answer that refuses it. */
async function readProfile(c: Context<Env>, name: string) {
  const body = await readRequestBody(c, ["json"]);
  if (body instanceof Response) return body;
  const validated = validate(profileBody, body.kind === "json" ? body.value : undefined, "body");
  if ("faults" in validated) return invalidRequest(c, validated.faults);
  const { name: stated = name, ...rest } = validated.value;
  if (stated === name) return { ...rest, name };
  return invalidRequest(c, [
    {
      in: "body",
      at: "/name",
      message: `must be the name in the address, ${name.slice(0, 32)}, or be omitted`,
    },
  ]);
}
