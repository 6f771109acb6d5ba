import type { Context } from "hono";
import { errorFields, type Log } from "../log.ts";
import { type Env, platformOf } from "./platform.ts";

/** Keeps work alive after the answer, and logs it if it fails: nobody is left to tell. */
export function backgroundOf(c: Context<Env>, log: Log): (work: Promise<void>) => void {
  return function background(work) {
    const logged = work.catch((error: unknown) => log("background-failed", errorFields(error)));
    platformOf(c).waitUntil?.(logged);
  };
}
