import type { Context } from "hono";
import { toIsoTime } from "../../domain/time.ts";
import type {
  ChangeProfileOutcome,
  ExpectedProfile,
  ProfileRequest,
} from "../../use-cases/change-profile.ts";
import type { Env } from "../context.ts";
import { problem } from "./problem.ts";
import { profileChangeView, storedProfileView } from "./profile-views.ts";

/** Tells a caller that somebody else changed the profile first, and how. */
export function profileChanged(
  c: Context<Env>,
  { name, expected }: ProfileRequest,
  { current, change }: Extract<ChangeProfileOutcome, { outcome: "changed-meanwhile" }>,
): Response {
  const who = change === undefined ? "" : ` ${change.actor} changed it at ${toIsoTime(change.at)}.`;
  const detail =
    current === undefined
      ? `There is no profile ${name.slice(0, 32)}.${who} Omit If-Match to create it.`
      : `${whatIsWrong(expected)}${who} Compare your profile with the current one, then send If-Match: "${current.version}".`;
  return problem(c, "profile-changed", detail, {
    current: current === undefined ? null : storedProfileView(current),
    change: change === undefined ? null : profileChangeView(change),
  });
}

function whatIsWrong(expected: ExpectedProfile): string {
  if (expected === "absent") return "The profile exists already.";
  return expected === undefined
    ? "The profile exists already: name in If-Match the version that you have seen."
    : "This is no longer the version that you have seen.";
}

/** Other profiles changed during each try; the next request will most likely succeed. */
export function profileBusy(c: Context<Env>): Response {
  const detail = "Other profiles are being changed at this moment. Nothing was changed; try again.";
  return problem(c, "rate-limited", detail, {}, { "Retry-After": "1" });
}
