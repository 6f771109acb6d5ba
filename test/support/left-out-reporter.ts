import type { Reporter, TestModule, Vitest } from "vitest/node";
import { isInstalled } from "./describe-with.ts";
import { tags } from "./tags.ts";

/** At the end of a run, reports how many tests were left out, why, and how to run them. */
export class LeftOutReporter implements Reporter {
  #isFiltered = false;

  onInit({ config }: Vitest): void {
    this.#isFiltered = config.tagsFilter !== undefined && config.tagsFilter.length > 0;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    const lines = tags.flatMap(({ name, description }) => {
      const count = skipped.filter(({ options }) => options.tags?.includes(name)).length;
      const isMissing = name !== "slow" && !isInstalled(name);
      return count === 0 ? [] : `  ${count} ${description}${isMissing ? ` (${name} is not installed)` : ""}`;
    });
    if (lines.length === 0) return;
    const how = this.#isFiltered ? ", which npm run test:all runs too" : "";
    console.log([`Tests left out${how}:`, ...lines, ""].join("\n"));
  }
}
