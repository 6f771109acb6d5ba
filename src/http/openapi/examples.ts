import type { Operation } from "./document.ts";

/** The parameters of a route in one place (`path`, `query`, `header`) that have an example. */
export function examplesIn(
  { parameters = [] }: Operation,
  place: string,
): readonly { readonly name: string; readonly value: string }[] {
  return parameters.flatMap(({ name, in: where, example }) =>
    where === place && example !== undefined ? [{ name, value: example }] : [],
  );
}

/** The first example of a route's JSON body; undefined if it takes none. */
export function exampleBody({ requestBody }: Operation): unknown {
  const [first] = Object.values(requestBody?.content["application/json"]?.examples ?? {});
  return first?.value;
}
