import type { Context } from "hono";
import { toIsoTime } from "../../domain/time.ts";
import type { ChangeProfileOutcome } from "../../use-cases/change-profile.ts";
import type { Env } from "../context.ts";
import { problem } from "./problem.ts";
import { profileChangeView, storedProfileView } from "./profile-views.ts";

/** Tells the later of two people what the earlier one has done. */
export function profileChanged(
  c: Context<Env>,
  name: string,
  { current, change }: Extract<ChangeProfileOutcome, { outcome: "changed-meanwhile" }>,
): Response {
  const who = change === undefined ? "" : ` ${change.actor} changed it at ${toIsoTime(change.at)}.`;
  const how =
    current === undefined
      ? `There is no profile ${name.slice(0, 32)}. Omit If-Match to create it.`
      : `Compare yours with the current one, then send If-Match: "${current.version}".`;
  return problem(c, "profile-changed", `This is not the version that you have seen.${who} ${how}`, {
    current: current === undefined ? null : storedProfileView(current),
    change: change === undefined ? null : profileChangeView(change),
  });
}

/** Changes of other profiles came first each time; the next try will most likely succeed. */
export function profileBusy(c: Context<Env>): Response {
  const detail = "Other profiles are being changed at this moment. Nothing was changed; try again.";
  return problem(c, "rate-limited", detail, {}, { "Retry-After": "1" });
}
