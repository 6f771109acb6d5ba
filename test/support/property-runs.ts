import { TestRunner } from "vitest";

/**
 * How often a property is tried: `all` times from a new seed, or, in what `npm test` runs all day, `fast` times from
 * one seed, so that it holds for everybody or for nobody.
 */
export function propertyRuns({ all, fast }: { readonly all: number; readonly fast: number }) {
  return isEverythingRun() ? { numRuns: all } : { numRuns: fast, seed: 1 };
}

/** Not in what `npm test` runs. */
export function isEverythingRun(): boolean {
  return TestRunner.matchesTags(["slow"]);
}
