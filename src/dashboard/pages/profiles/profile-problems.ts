/** What is wrong with the fields of a profile. */
export type FieldProblems = {
  readonly name?: string | undefined;
  readonly paths?: string | undefined;
  readonly endpoints?: string | undefined;
  readonly transformations?: string | undefined;
  /** What is wrong with the profile as a whole. */
  readonly other?: string | undefined;
};

export type ProfileFault = { readonly at: string; readonly message: string };

/** The faults of a profile, by field. `at` is a JSON pointer such as `/transformations/0`. */
export function problemsByField(faults: readonly ProfileFault[]): FieldProblems {
  const of = (...fields: readonly string[]) => {
    const sentences = faults.flatMap(({ at, message }) =>
      fields.includes(at.split("/")[1] ?? "") ? [capitalized(message)] : [],
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
    other: rest.length === 0 ? undefined : rest.map(({ message }) => capitalized(message)).join(" "),
  };
}

/** A message as a sentence of its own. */
function capitalized(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
