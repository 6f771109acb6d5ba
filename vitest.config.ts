import { defineConfig } from "vitest/config";
import { LeftOutReporter } from "./test/support/left-out-reporter.ts";
import { tags } from "./test/support/tags.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    tags: [...tags],
    // A real redis-server, real HTTP, real processes: slow machines may take their time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for has no time of its own: only the test's.
    expect: { poll: { timeout: 25_000 } },
    reporters: ["default", new LeftOutReporter()],
    silent: "passed-only",
  },
});
