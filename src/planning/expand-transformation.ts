/** A list in a transformation: `tr:w-{640,750},c-at_max`. */
const list = /\{([^{}]*)\}/u;

/** The transformations that one of a profile stands for: `tr:w-{640,750}` for `tr:w-640` and `tr:w-750`. */
export function expandTransformation(transformation: string): readonly string[] {
  const [whole, values] = list.exec(transformation) ?? [];
  if (whole === undefined || values === undefined) return [transformation];
  return values.split(",").map((value) => transformation.replace(whole, () => value));
}
