import { maximumTransformationCharacters } from "../../rules/limits.ts";

/** A value that reads well in a list. */
const plainValue = /^[\w.]+$/u;

/**
 * Writes transformations that differ in one value as one with a list: `tr:w-400` and `tr:w-800` as `tr:w-{400,800}`.
 * Together they stand for the same transformations. What is too long to be one stays as it is.
 */
export function compressLists(transformations: readonly string[]): readonly string[] {
  const byShape = new Map<
    string,
    { readonly before: string; readonly after: string; readonly values: string[] }
  >();
  for (const transformation of transformations) {
    if (transformation.length > maximumTransformationCharacters) continue;
    for (const { before, value, after } of valuesOf(transformation)) {
      const shape = `${before}\n${after}`;
      const known = byShape.get(shape);
      if (known === undefined) byShape.set(shape, { before, after, values: [value] });
      else known.values.push(value);
    }
  }
  const left = new Set(transformations);
  const compressed = new Map<string, string>();
  for (const { before, after, values } of [...byShape.values()].sort(byMostValues)) {
    const room = maximumTransformationCharacters - before.length - after.length - "{}".length;
    for (const list of listsWithin(
      values.filter((value) => left.has(before + value + after)),
      room,
    )) {
      const [first = ""] = list;
      compressed.set(before + first + after, `${before}{${list.join(",")}}${after}`);
      for (const value of list) left.delete(before + value + after);
    }
  }
  return transformations.flatMap((one) => compressed.get(one) ?? (left.has(one) ? [one] : []));
}

/** Each value of a transformation, with what stands around it. */
function valuesOf(transformation: string): readonly { before: string; value: string; after: string }[] {
  return [...transformation.matchAll(/(?<=[:,][a-z]{1,4}-)[^,:]+/gu)].flatMap(({ 0: value, index }) =>
    plainValue.test(value)
      ? [{ before: transformation.slice(0, index), value, after: transformation.slice(index + value.length) }]
      : [],
  );
}

function byMostValues(one: { values: readonly string[] }, other: { values: readonly string[] }): number {
  return other.values.length - one.values.length;
}

/** Lists of at least two values, each no longer than there is room for, in ascending order. */
function listsWithin(values: readonly string[], room: number): readonly (readonly string[])[] {
  const lists: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const value of [...values].sort((one, other) => Number(one) - Number(other))) {
    if (length + 1 + value.length > room) {
      lists.push([]);
      length = -1;
    }
    lists.at(-1)?.push(value);
    length += 1 + value.length;
  }
  return lists.filter((list) => list.length > 1);
}
