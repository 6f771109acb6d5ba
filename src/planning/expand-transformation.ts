import { maximumTransformationCharacters } from "../rules/limits.ts";

/** As it is stored, percent-encoded: a character takes up to nine. */
const longest = 9 * maximumTransformationCharacters;

/** A list in a transformation: `tr:w-{640,750},c-at_max`. */
const list = /\{([^{}]*)\}/u;

/**
 * The transformations that one of a profile stands for: `tr:w-{640,750}` for `tr:w-640` and `tr:w-750`. What is too long to be
 * one stands for itself.
 */
export function expandTransformation(transformation: string): readonly string[] {
  if (transformation.length > longest) return [transformation];
  const [whole, values] = list.exec(transformation) ?? [];
  if (whole === undefined || values === undefined) return [transformation];
  return values.split(",").map((value) => transformation.replace(whole, () => value));
}
