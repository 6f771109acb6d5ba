import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A real redis-server, real HTTP, real processes: slow machines may take their time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for has no time of its own: only the test's.
    expect: { poll: { timeout: 25_000 } },
  },
});
