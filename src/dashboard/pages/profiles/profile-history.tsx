import type { Profile, ProfileChange } from "../../../domain/profile.ts";
import { Time } from "../../ui/time.tsx";

/** Who changed which profile, and what; newest first. */
export function ProfileHistory({ history }: { readonly history: readonly ProfileChange[] }) {
  if (history.length === 0) return null;
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <table class="profile-history" id="history">
        <caption>Newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Profile</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {history.map((change) => (
            <tr>
              <td class="when">
                <Time at={change.at} />
              </td>
              <td>{change.actor}</td>
              <td>{change.name}</td>
              <td class="change">{describeChange(change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** `added tr:w-400; removed tr:w-200`. */
export function describeChange({ before, after }: Pick<ProfileChange, "before" | "after">): string {
  if (before === undefined || after === undefined) {
    const profile = after ?? before;
    const what = after === undefined ? "deleted" : "created";
    return profile === undefined ? what : `${what}, ${partsOf(profile).join("; ")}`;
  }
  const changes = fields.flatMap(({ of }) => {
    const [old, now] = [of(before), of(after)];
    const added = now.filter((value) => !old.includes(value));
    const removed = old.filter((value) => !now.includes(value));
    return [
      ...(added.length === 0 ? [] : [`added ${added.join(" ")}`]),
      ...(removed.length === 0 ? [] : [`removed ${removed.join(" ")}`]),
    ];
  });
  return changes.length === 0 ? "saved as it was" : changes.join("; ");
}

const fields = [
  { word: "paths", of: ({ paths }: Profile) => paths },
  { word: "endpoints", of: ({ endpoints }: Profile) => endpoints },
  { word: "transformations", of: ({ transformations }: Profile) => transformations },
] as const;

function partsOf(profile: Profile): readonly string[] {
  return fields.map(({ word, of }) => `${word} ${of(profile).join(" ") || "none"}`);
}
