import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { describe, expect, test } from "vitest";

const paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The system's Chromium, headless, and asking nothing of the network by itself. */
export function launchChromium(): Promise<Browser> {
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
  return chromium.launch({ executablePath: installed() ?? "chromium", args: [...flags, "--disable-sync"] });
}

/** A suite in a real browser: left out, and said so, where there is none; a failure where one is required. */
export function describeInChromium(name: string, suite: () => void): void {
  if (installed() !== undefined) {
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

function installed(): string | undefined {
  return paths.find((path) => existsSync(path));
}
