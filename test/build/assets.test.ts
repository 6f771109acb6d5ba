import { expect, test } from "vitest";
import { buildAssets } from "../../src/build/assets.ts";

test("the build makes the script, the style and the icon that every page requests", async () => {
  const assets = await buildAssets();
  expect(assets.map(({ name }) => name)).toEqual(["dashboard.js", "dashboard.css", "icon.svg"]);
  for (const { name, bytes } of assets) expect(bytes.byteLength, name).toBeGreaterThan(200);
});
