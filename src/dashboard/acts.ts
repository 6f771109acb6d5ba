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

export const resultWords: Readonly<Record<Result, string>> = {
  cancelled: "Cancelled. It is not sent.",
  detached: "Your batch no longer waits for it. It goes on for others.",
  resent: "To be sent once more, for a second unit.",
  closed: "Closed. What it cost stays spent.",
};

export function resultNamed(word: string | undefined): Result | undefined {
  return Object.keys(resultWords).find((each): each is Result => each === word);
}

/** The acts that this state allows, whoever asks. */
export function actsIn(state: PurgeState): readonly Act[] {
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
