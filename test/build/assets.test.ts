import { expect, test } from "vitest";
import { buildAssets } from "../../src/build/assets.ts";

test("all script of the dashboard together is below 40 kB", async () => {
  const scripts = (await buildAssets()).filter(({ name }) => name.endsWith(".js"));
  const bytes = scripts.reduce((sum, script) => sum + script.bytes.byteLength, 0);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThan(40_000);
});
