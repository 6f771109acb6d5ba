import { describe, expect, test } from "vitest";
import { installedChromium } from "./launch-chromium.ts";

/** A suite in a real browser: left out, and said so, where there is none; a failure where one is required. */
export function describeInChromium(name: string, suite: () => void): void {
  if (installedChromium() !== undefined) {
    describe(name, suite);
    return;
  }
  if (process.env["PURGE_DESK_REQUIRE_SYSTEM"] === "1") {
    describe(name, () => {
      test("Chromium is installed", () => {
        expect.fail("Chromium is not installed, and PURGE_DESK_REQUIRE_SYSTEM=1 says it must be");
      });
    });
    return;
  }
  console.log(`${name}: Chromium not installed: left out`);
  describe.skip(`${name} [Chromium not installed: left out]`, suite);
}
