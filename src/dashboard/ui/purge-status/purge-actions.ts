import type { Caller, Scope } from "../../../domain/caller.ts";
import { isTerminal, type Purge, type PurgeState } from "../../../domain/purge.ts";
import { can } from "../context.ts";

/** What a person can do to a purge: the scope it needs, and the states that allow it. */
export const purgeActions = {
  cancel: { scope: "purge", states: ["queued", "held"], done: "cancelled" },
  resend: { scope: "admin", states: ["unknown"], done: "resent" },
  close: { scope: "admin", states: ["unknown", "overdue"], done: "closed" },
} as const satisfies Readonly<
  Record<
    string,
    { readonly scope: Scope; readonly states: readonly PurgeState[]; readonly done: ActionResult }
  >
>;

export type PurgeAction = keyof typeof purgeActions;

/** The result of an action. `detached`: the caller's batches no longer wait, and the purge continues for others. */
export type ActionResult = "cancelled" | "detached" | "resent" | "closed";

/** The result in words, given the purge's current state; undefined if it no longer applies. */
export function describeResult(result: ActionResult, { state, units }: Purge): string | undefined {
  switch (result) {
    case "cancelled":
      return units > 0
        ? "The resend is cancelled. The result of the first send is not known."
        : "Cancelled. It will not be sent.";
    case "detached":
      return "Your batch no longer waits for it. It continues for others.";
    case "resent":
      if (state === "queued") return "It will be sent once more, for a second unit.";
      // Otherwise it was cancelled, or a late answer to the first send made it unnecessary.
      return units > 1 ? "It was resent, for a second unit." : undefined;
    case "closed":
      return state === "completed"
        ? "Closed. It is no longer an alarm; what the CDN served stays in the record."
        : "Closed. The units it cost stay spent.";
  }
}

export function resultNamed(word: string | undefined): ActionResult | undefined {
  const all: readonly ActionResult[] = ["cancelled", "detached", "resent", "closed"];
  return all.find((each) => each === word);
}

/** The actions that a purge's state allows, for anyone. Closing one whose end is an alarm says that it has been seen. */
export function actionsIn({ state, alarm }: Pick<Purge, "state" | "alarm">): readonly PurgeAction[] {
  if (isTerminal(state) && alarm !== undefined) return ["close"];
  const all: readonly PurgeAction[] = ["cancel", "resend", "close"];
  return all.filter((action) => purgeActions[action].states.some((each) => each === state));
}

/** Only a caller whose batch waits for the purge may cancel it, or an admin. */
export function mayDo(action: PurgeAction, purge: Purge, caller: Caller): boolean {
  if (!can(caller, purgeActions[action].scope)) return false;
  return action !== "cancel" || leavingWith(purge, caller).length > 0;
}

/** The batches that a cancel by this caller removes from the purge. */
export function leavingWith(purge: Purge, caller: Caller): Purge["batches"] {
  if (can(caller, "admin")) return purge.batches;
  return purge.batches.filter(({ actor }) => actor === caller.name);
}

/** Whether this caller caused that result, according to the purge's timeline: an address alone proves nothing. */
export function isResultOf(caller: Caller, { timeline, batches }: Purge, result: ActionResult): boolean {
  const own = timeline
    .map(({ by, state }, index) => ({ by, state, from: timeline[index - 1]?.state }))
    .filter(({ by }) => by === caller.name);
  switch (result) {
    case "cancelled":
      return own.some(({ state }) => state === "cancelled");
    case "closed":
      // One whose end is an alarm stays as it is.
      return own.some(
        ({ state, from }) => state === "abandoned" || (state === "completed" && from === state),
      );
    case "resent":
      return own.some(({ state, from }) => state === "queued" && from === "unknown");
    case "detached":
      // Noted without a change of state, as joining is. But a caller who joined still waits.
      return (
        own.some(({ state, from }) => state === from) &&
        batches.length > 0 &&
        batches.every(({ actor }) => actor !== caller.name)
      );
  }
}
