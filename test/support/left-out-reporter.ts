import type { Reporter, TestModule, Vitest } from "vitest/node";
import { isInstalled } from "./describe-with.ts";
import { tags } from "./tags.ts";

/** Says at the end of a run what was left out of it, and how to run that. */
export class LeftOutReporter implements Reporter {
  #isFiltered = false;

  onInit({ config }: Vitest): void {
    this.#isFiltered = (config.tagsFilter ?? []).length > 0;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    const leftOut = tags.map(({ name, description }) => ({
      name,
      description,
      count: skipped.filter(({ options }) => options.tags?.at(-1) === name).length,
    }));
    const seen = leftOut.filter(({ count }) => count > 0);
    if (seen.length === 0) return;
    console.log(" Left out:");
    for (const { count, description } of seen) console.log(`   ${count} tests ${description}`);
    const missing = (["redis-server", "chromium"] as const).filter((name) => !isInstalled(name));
    if (this.#isFiltered) console.log(" npm run test:all runs these too.");
    if (missing.length > 0) console.log(` Not installed here, and needed for that: ${missing.join(", ")}`);
  }
}
