import { TestRunner } from "vitest";

/**
 * How often a property is tried: `all` times with a new seed, or, in `npm test`, `fast` times with a fixed seed, so that
 * everyone gets the same result.
 */
export function propertyRuns({ all, fast }: { readonly all: number; readonly fast: number }) {
  return isEverythingRun() ? { numRuns: all } : { numRuns: fast, seed: 1 };
}

/** Not part of `npm test`. */
export function isEverythingRun(): boolean {
  return TestRunner.matchesTags(["slow"]);
}
