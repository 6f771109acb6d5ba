import type { Child } from "hono/jsx";
import type { Purge } from "../../purge.ts";
import { type Act, actsIn, leavingWith, mayDo } from "../acts.ts";
import { type Watched, watchedLink } from "../watched.ts";

/** What one may do to a purge, each to be confirmed; and whom to ask for what one may not. */
export function Actions({ purge, watched }: { readonly purge: Purge; readonly watched: Watched }) {
  const { caller, health } = watched;
  const allowed = actsIn(purge);
  if (allowed.length === 0) return null;
  const denied = allowed.filter((act) => !mayDo(act, purge, caller));
  const canPay = health.budget.available >= 1;
  return (
    <div class="acts" id={`actions-${purge.id}`}>
      {allowed
        .filter((act) => mayDo(act, purge, caller) && (act !== "resend" || canPay))
        .map((act) => (
          <Confirmed act={act} purge={purge} watched={watched} />
        ))}
      {allowed.includes("resend") && mayDo("resend", purge, caller) && !canPay ? (
        <p class="quiet">Resending costs 1 unit, and none is left.</p>
      ) : null}
      {denied.length === 0 ? null : <p class="quiet">{deniedWords(denied)}</p>}
    </div>
  );
}

function Confirmed(props: { readonly act: Act; readonly purge: Purge; readonly watched: Watched }) {
  const { act, purge, watched } = props;
  const { asks, says, confirms } = wordsFor(act, purge, watched);
  return (
    <details class="confirm" id={`${act}-${purge.id}`}>
      <summary class="button">{asks}</summary>
      <form method="post" action={watchedLink(watched, `/purges/${purge.id}/${act}`)}>
        <input type="hidden" name="back" value={watched.here} />
        <p>{says}</p>
        <button type="submit" class={act === "resend" ? "primary" : "danger"}>
          {confirms}
        </button>
      </form>
    </details>
  );
}

type Words = { readonly asks: string; readonly says: Child; readonly confirms: string };

function wordsFor(act: Act, purge: Purge, { caller, health }: Watched): Words {
  switch (act) {
    case "cancel":
      return {
        asks: "Cancel",
        says: cancelWords(purge, leavingWith(purge, caller).length),
        confirms: "Yes, cancel it",
      };
    case "resend":
      return {
        asks: "Resend for 1 unit",
        says: `It costs 1 unit; ${health.budget.available} left. If ImageKit has the first send already, it clears twice, which does no harm.`,
        confirms: "Yes, resend for 1 unit",
      };
    case "close":
      return {
        asks: "Close",
        says:
          purge.state === "abandoned"
            ? "You have seen that it was given up: the alarm no longer counts it. Submit it again if the cache is still stale."
            : `It is given up and counts as abandoned. ${purge.units === 1 ? "Its unit stays" : `Its ${purge.units} units stay`} spent, and the cache may still be stale.`,
        confirms: "Yes, close it",
      };
  }
}

function cancelWords({ state, units, batches }: Purge, leaving: number): string {
  if (leaving < batches.length) {
    const others = batches.length - leaving;
    return `Your batch no longer waits for it. It is sent all the same, for ${others === 1 ? "another batch" : `${others} other batches`}.`;
  }
  const isNotSent = units > 1 ? "It is not sent again" : "It is not sent";
  const lost =
    leaving > 1 ? `${isNotSent}, for none of the ${leaving} batches that wait for it.` : `${isNotSent}.`;
  if (state === "held") return lost;
  return units > 1
    ? `${lost} The resend’s unit is free again; the first send’s stays spent.`
    : `${lost} Its unit is free again.`;
}

function deniedWords(denied: readonly Act[]): string {
  if (denied.includes("cancel")) return "To cancel it, ask an admin, or whoever asked for it.";
  return `To ${denied.join(" or ")} it, ask an admin.`;
}
