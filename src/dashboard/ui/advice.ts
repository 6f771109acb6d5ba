import type { Config } from "../../config.ts";
import type { Caller } from "../../domain/caller.ts";
import { can } from "./context.ts";

/**
 * What a check or an alarm means to people who cannot repair it, by its name in health. The others have advice that
 * anyone can follow.
 */
const forOthers: Readonly<Record<string, string>> = {
  ledger:
    "Purge Desk cannot reach its database. Nothing is sent until it can, and nothing that was accepted is lost.",
  "ledger-memory":
    "Purge Desk's database is full, so no new requests are accepted. What was accepted goes on, and nothing is lost.",
  "send-credentials": "ImageKit does not accept Purge Desk's key, so nothing is sent. Nothing is lost.",
  "poll-credentials":
    "ImageKit does not accept Purge Desk's key for status checks, so it is not known when purges complete.",
  "send-throttling": "ImageKit accepts no purges for now. They wait, and nothing is lost.",
  "poll-throttling": "ImageKit accepts no status checks for now, so progress is shown late.",
  sweep: "Purge Desk's schedule does not run, so purges are slow. Opening a request moves it on.",
  eviction: "Purge Desk's database is set up so that it could lose data.",
  repeating:
    "A caller asked for the same purge again and again, so that purge is refused for a while. Other purges are not affected.",
  budget:
    "Few units are left this month, or none. A new request can be held until there are more, if it is not urgent.",
  "external-spending": "What was spent before Purge Desk was set up is not known.",
  "alarm-ledger-lost":
    "Purge Desk lost its database: what was open is gone. Submit it again once this is repaired.",
  "alarm-ledger-damaged":
    "Purge Desk's database is damaged. New requests may be refused until it is repaired.",
  "alarm-ledger-rolled-back":
    "Purge Desk's database went back to an earlier state. Some of the latest requests may be gone, or be sent twice.",
  "alarm-resend-without-budget": "A purge should be sent once more, but no unit is free for it.",
  "alarm-stale":
    "ImageKit reported Completed for a purge, and the CDN still serves the old image. If it matters, purge it again.",
  "alarm-abandoned":
    "A purge was given up, and its image may still be stale. If it matters, submit it again.",
  "alarm-unknown-not-resent": "It is not known whether a purge reached ImageKit, and someone has to decide.",
  "alarm-credentials-send": "ImageKit does not accept Purge Desk's key, so nothing is sent. Nothing is lost.",
  "alarm-credentials-poll":
    "ImageKit does not accept Purge Desk's key for status checks, so it is not known when purges complete.",
  "alarm-answers-lost-send":
    "ImageKit's answers do not arrive, so only one purge is tried every few minutes.",
  "alarm-answers-lost-poll": "ImageKit's answers to status checks do not arrive, so progress is shown late.",
  "alarm-throttled-send": "ImageKit has accepted no purges for an hour. They wait, and nothing is lost.",
  "alarm-throttled-poll": "ImageKit has accepted no status checks for an hour, so progress is shown late.",
  "alarm-unreachable-send": "ImageKit cannot be reached. Purges wait, and nothing is lost.",
  "alarm-unreachable-poll": "ImageKit cannot be reached for status checks, so progress is shown late.",
  "alarm-unexpected-answer-send":
    "ImageKit answers purges in a way that is not documented. They are tried again.",
  "alarm-unexpected-answer-poll": "ImageKit answers status checks in a way that is not documented.",
};

/** The advice of a check, in the words for this person: how to repair it, or what it means and whom to tell. */
export function adviceFor(
  caller: Caller,
  check: { readonly name: string; readonly advice: string | null },
  tokens: Config["tokens"],
): string {
  const meaning = forOthers[check.name];
  if (can(caller, "admin") || meaning === undefined) return check.advice ?? "";
  return `${meaning} ${whomToTell(tokens)}`;
}

/** `Tell an admin (anna, ops).` */
function whomToTell(tokens: Config["tokens"]): string {
  const admins = tokens.filter(({ scopes }) => scopes.includes("admin")).map(({ name }) => name);
  const names = [...new Set(admins)].join(", ");
  return names === "" ? "Tell the person who runs this Purge Desk." : `Tell an admin (${names}).`;
}
