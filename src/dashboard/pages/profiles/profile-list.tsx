import type { StoredProfile } from "../../../domain/profile.ts";
import { profilePrice } from "../../../planning/check-profile.ts";
import { profilePriceWords } from "../../shared/profile-words.ts";
import { linkTo } from "../../ui/context.ts";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";

/** The profiles in force, each with what an image of it costs. */
export function ProfileList(props: {
  readonly profiles: readonly StoredProfile[];
  readonly basePath: string;
  readonly mayChange: boolean;
}) {
  const { profiles, basePath, mayChange } = props;
  return (
    <ul class="profiles" id="profiles">
      {profiles.map((profile) => (
        <li class="card" id={`profile-${profile.name}`}>
          <h3>{profile.name}</h3>
          <p class="profile-price">{profilePriceWords(profilePrice(profile))}</p>
          <ProfileFacts profile={profile} />
          <p class="quiet small">
            {profile.changedBy}, <Time at={profile.changedAt} />
          </p>
          {mayChange ? (
            <div class="acts">
              <a class="button" href={editPath(basePath, profile.name)}>
                Edit<span class="visually-hidden"> {profile.name}</span>
              </a>
              <Delete profile={profile} basePath={basePath} />
            </div>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function editPath(basePath: string, name: string): string {
  return `${linkTo({ basePath }, "/profiles/edit")}?${new URLSearchParams({ name })}`;
}

/** What a profile says, as names and values. */
export function ProfileFacts({
  profile: { paths, endpoints, transformations },
}: {
  readonly profile: Pick<StoredProfile, "paths" | "endpoints" | "transformations">;
}) {
  return (
    <dl class="profile-facts">
      <Fact name="Paths" values={paths} />
      <Fact name="URL endpoints" values={endpoints} />
      <Fact name="Path transformations" values={transformations} />
    </dl>
  );
}

function Fact({ name, values }: { readonly name: string; readonly values: readonly string[] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {values.length === 0 ? <span class="quiet">none</span> : null}
        <ul class="plain">
          {values.map((value) => (
            <li>
              <TargetUrl url={value} />
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}

function Delete({ profile, basePath }: { readonly profile: StoredProfile; readonly basePath: string }) {
  const { name, version } = profile;
  return (
    <details class="confirm" id={`delete-${name}`}>
      <summary class="button">
        Delete<span class="visually-hidden"> {name}</span>
      </summary>
      <form method="post" action={linkTo({ basePath }, "/profiles/delete")}>
        <input type="hidden" name="name" value={name} />
        <input type="hidden" name="version" value={version} />
        <p>
          Purge Desk then no longer clears its transformations, or its other URL endpoints. What has been
          submitted already stays as it is.
        </p>
        <button type="submit" class="danger">
          Yes, delete {name}
        </button>
      </form>
    </details>
  );
}
