import type { Config } from "@netlify/functions";
import { sweep } from "../../src/netlify/sweep.ts";

export default sweep();

/** Every minute. Netlify may call it twice or not at all; the sweep copes with both. */
export const config: Config = { schedule: "* * * * *" };
