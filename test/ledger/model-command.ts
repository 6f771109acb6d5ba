import fc from "fast-check";
import { expectGuarantees, type Model, type Real } from "./model.ts";

type Command = fc.AsyncCommand<Model, Real>;

/** A command by its name and what it does; the guarantees are checked after each. */
export function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await expectGuarantees(model, real);
    },
    toString: () => name,
  };
}

export const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
export const index = fc.nat({ max: 1_000 });
export const instance = fc.constantFrom<0 | 1>(0, 1);
