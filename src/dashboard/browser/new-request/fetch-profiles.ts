import type { Profile } from "../../../domain/profile.ts";
import type { storedProfileView } from "../../../http/answers/profile-views.ts";
import { callApi } from "../call-api.ts";

type ProfilesAnswer = { readonly profiles: readonly ReturnType<typeof storedProfileView>[] };

/** The profiles in force; undefined if they cannot be read. */
export async function fetchProfiles(options: {
  readonly basePath: string;
  readonly signal: AbortSignal;
}): Promise<readonly Profile[] | undefined> {
  const reply = await callApi<ProfilesAnswer>("/profiles", options);
  if (reply.kind !== "answered") return undefined;
  return reply.body.profiles.map(({ name, paths, endpoints, transformations }) => ({
    name,
    paths,
    endpoints,
    transformations,
  }));
}
