/** The plugin as Netlify loads it: a function of the inputs that gives the events. */

import { setTimeout as pause } from "node:timers/promises";
import { createPlugin } from "./create-plugin.ts";

export default (inputs: unknown) =>
  createPlugin(inputs, {
    env: process.env,
    fetch: globalThis.fetch,
    pause: async (ms) => pause(ms),
    say: (line) => console.log(line),
  });
