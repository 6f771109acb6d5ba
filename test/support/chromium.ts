import { describeWith } from "./describe-with.ts";

/** A suite that runs in a real browser. */
export function describeInChromium(name: string, suite: () => void): void {
  describeWith("chromium", name, suite);
}
