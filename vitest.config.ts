import { defineConfig } from "vitest/config";
import { LeftOutReporter } from "./test/support/left-out-reporter.ts";
import { tags } from "./test/support/tags.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    tags: [...tags],
    setupFiles: ["test/support/patient-time-outs.ts"],
    // Files share their worker's modules: loading them anew for each took half of the time. So whatever a test changes
    // for the whole process (time, environment) it sets back.
    isolate: false,
    maxWorkers: "100%",
    // These only end what hangs. A busy machine takes ten times as long as an idle one, and that is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000 } },
    reporters: ["default", new LeftOutReporter()],
    silent: "passed-only",
  },
});
