import type { Scope } from "../config.ts";
import type { Purge, PurgeState } from "../purge.ts";
import type { Caller } from "../submit-purges.ts";
import { can } from "./desk.ts";

/** What a person can do to one purge, who may, and while it is in which states (DESIGN §6). */
export const acts = {
  cancel: { scope: "purge", states: ["queued", "held"], done: "cancelled" },
  resend: { scope: "admin", states: ["unknown"], done: "resent" },
  close: { scope: "admin", states: ["unknown", "overdue"], done: "closed" },
} as const satisfies Readonly<
  Record<string, { readonly scope: Scope; readonly states: readonly PurgeState[]; readonly done: Result }>
>;

export type Act = keyof typeof acts;

/** What an act led to. `detached`: the caller's batches no longer wait, and the purge goes on for others. */
export type Result = "cancelled" | "detached" | "resent" | "closed";

/** What an act led to, as the purge stands by now; nothing where that is no longer so. */
export function resultWords(result: Result, { state, units }: Purge): string | undefined {
  switch (result) {
    case "cancelled":
      return units > 0
        ? "The resend is cancelled. What became of the first send is not known."
        : "Cancelled. It is not sent.";
    case "detached":
      return "Your batch no longer waits for it. It goes on for others.";
    case "resent":
      if (state === "queued") return "To be sent once more, for a second unit.";
      // Otherwise it was taken back, or a late answer to the first send made it needless.
      return units > 1 ? "It was resent, for a second unit." : undefined;
    case "closed":
      return "Closed. What it cost stays spent.";
  }
}

export function resultNamed(word: string | undefined): Result | undefined {
  const all: readonly Result[] = ["cancelled", "detached", "resent", "closed"];
  return all.find((each) => each === word);
}

/** The acts that a purge's state allows, whoever asks. One that the service gave up is closed by whoever has seen it. */
export function actsIn({ state, alarm }: Pick<Purge, "state" | "alarm">): readonly Act[] {
  if (state === "abandoned" && alarm !== undefined) return ["close"];
  const all: readonly Act[] = ["cancel", "resend", "close"];
  return all.filter((act) => acts[act].states.some((each) => each === state));
}

/** Cancelling is for whose batch waits, or an admin. */
export function mayDo(act: Act, purge: Purge, caller: Caller): boolean {
  if (!can(caller, acts[act].scope)) return false;
  return act !== "cancel" || leavingWith(purge, caller).length > 0;
}

/** The batches that a cancel by this caller takes off the purge. */
export function leavingWith(purge: Purge, caller: Caller): Purge["batches"] {
  if (can(caller, "admin")) return purge.batches;
  return purge.batches.filter(({ actor }) => actor === caller.name);
}

/** Whether this caller brought that result about, going by the purge itself: an address cannot pretend it. */
export function isResultOf(caller: Caller, { timeline, batches }: Purge, result: Result): boolean {
  const own = timeline
    .map(({ by, state }, index) => ({ by, state, from: timeline[index - 1]?.state }))
    .filter(({ by }) => by === caller.name);
  switch (result) {
    case "cancelled":
      return own.some(({ state }) => state === "cancelled");
    case "closed":
      return own.some(({ state }) => state === "abandoned");
    case "resent":
      return own.some(({ state, from }) => state === "queued" && from === "unknown");
    case "detached":
      // Noted without a change of state, as joining is; but whoever has joined still waits.
      return (
        own.some(({ state, from }) => state === from) &&
        batches.length > 0 &&
        batches.every(({ actor }) => actor !== caller.name)
      );
  }
}
