import type { Config } from "@netlify/functions";
import { sweepFunction } from "../../src/netlify/sweep.ts";

export default sweepFunction();

/** Every minute. Netlify may call it twice or not at all; the sweep copes with both. */
export const config: Config = { schedule: "* * * * *" };
