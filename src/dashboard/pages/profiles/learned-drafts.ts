import type { StoredProfile } from "../../../domain/profile.ts";
import { expandTransformation } from "../../../planning/expand-transformation.ts";
import type { LearnedProfile } from "../../../planning/learn-profiles.ts";
import { draftOf, emptyDraft, type ProfileDraft, type TransformationChoice } from "./profile-draft.ts";

/** What occurs less often than this share of the most frequent one is not ticked: it is probably a stray. */
const strayShare = 0.05;

/**
 * Forms for what was found in a text. If a stored profile has one of the paths already, what was found is added to that
 * profile: what it has stays unless the reader unticks it.
 */
export function learnedDrafts(
  learned: readonly LearnedProfile[],
  stored: readonly StoredProfile[],
): readonly ProfileDraft[] {
  return learned.map((found) => {
    const same = stored.find(({ paths }) => paths.some((path) => found.paths.includes(path)));
    if (same === undefined) {
      return {
        ...emptyDraft,
        name: freeName(found.name, stored),
        paths: found.paths,
        endpoints: found.endpoints,
        choices: choicesOf(found, []),
      };
    }
    return {
      ...draftOf(same),
      endpoints: [...new Set([...same.endpoints, ...found.endpoints])],
      transformations: [],
      choices: choicesOf(found, same.transformations),
    };
  });
}

function choicesOf(
  { transformations, seen }: LearnedProfile,
  stored: readonly string[],
): readonly TransformationChoice[] {
  const found = transformations.flatMap(expandTransformation);
  const countOf = (transformation: string) => seen[transformation] ?? 0;
  const most = Math.max(0, ...found.map(countOf));
  const inProfile = stored.map((transformation) => {
    const parts = expandTransformation(transformation);
    return { transformation, parts, seen: parts.reduce((sum, part) => sum + countOf(part), 0) };
  });
  const known = new Set(inProfile.flatMap(({ parts }) => parts));
  return [
    ...inProfile.map(({ transformation, seen }) => ({ transformation, seen, isChosen: true })),
    ...found
      .filter((transformation) => !known.has(transformation))
      .map((transformation) => {
        const count = countOf(transformation);
        return { transformation, seen: count, isChosen: count >= most * strayShare };
      }),
  ].sort((one, other) => other.seen - one.seen);
}

function freeName(name: string, stored: readonly StoredProfile[]): string {
  const taken = new Set(stored.map((profile) => profile.name));
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name.slice(0, 28)}-${number}`;
  return free;
}
