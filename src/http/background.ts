import type { Context } from "hono";
import { errorFields, type Log } from "../log.ts";
import type { Run } from "../use-cases/submit-purges.ts";
import { type Env, platformOf } from "./context.ts";

/** Netlify gives a function 60 s; two are kept for its start and its end. */
const functionTimeMs = 58_000;

/** How long a submission may work in this request, and how it goes on behind the answer. */
export function runOf(c: Context<Env>): Run {
  return {
    deadlineMs: c.get("startedMs") + functionTimeMs,
    background: backgroundOf(c, c.get("services").log),
  };
}

/** Keeps work alive after the answer, and logs it if it fails: nobody is left to tell. */
function backgroundOf(c: Context<Env>, log: Log): (work: Promise<void>) => void {
  return function background(work) {
    const logged = work.catch((error: unknown) => log("background-failed", errorFields(error)));
    platformOf(c).waitUntil?.(logged);
  };
}
