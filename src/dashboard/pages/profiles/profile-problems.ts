import type { ProfileFault } from "../../../planning/check-profile.ts";

/** What is wrong with the fields of a profile. */
export type FieldProblems = {
  readonly name?: string | undefined;
  readonly paths?: string | undefined;
  readonly endpoints?: string | undefined;
  readonly transformations?: string | undefined;
  /** What is wrong with the profile as a whole. */
  readonly other?: string | undefined;
};

/** The faults of a profile, by field. */
export function problemsByField(faults: readonly ProfileFault[]): FieldProblems {
  const of = (...fields: readonly string[]) => {
    const sentences = faults.flatMap(({ at, message }) =>
      fields.includes(at.split("/")[1] ?? "") ? [message] : [],
    );
    return sentences.length === 0 ? undefined : sentences.join(" ");
  };
  const known = ["name", "paths", "endpoints", "transformations"];
  const rest = faults.filter(({ at }) => !known.includes(at.split("/")[1] ?? ""));
  return {
    name: of("name"),
    paths: of("paths"),
    endpoints: of("endpoints"),
    transformations: of("transformations"),
    other: rest.length === 0 ? undefined : rest.map(({ message }) => message).join(" "),
  };
}
