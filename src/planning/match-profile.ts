import type { Profile } from "../domain/profile.ts";

/**
 * Finds the profile of an image: of all paths of all profiles the longest that the image's path begins with. A look-up
 * costs as many steps as the paths have different lengths.
 */
export function createProfileMatcher(
  profiles: readonly Profile[],
): (imagePath: string) => Profile | undefined {
  const byPath = new Map(profiles.flatMap((profile) => profile.paths.map((path) => [path, profile])));
  const lengths = [...new Set([...byPath.keys()].map(({ length }) => length))].sort(
    (one, other) => other - one,
  );

  return function profileOf(imagePath) {
    const path = upperCaseEscapes(imagePath);
    for (const length of lengths) {
      const profile = length <= path.length ? byPath.get(path.slice(0, length)) : undefined;
      if (profile !== undefined) return profile;
    }
    return undefined;
  };
}

/** `/gr%c3%bcn/` and `/gr%C3%BCn/` are one folder. */
export function upperCaseEscapes(path: string): string {
  return path.replace(/%[0-9a-f]{2}/giu, (encoded) => encoded.toUpperCase());
}
