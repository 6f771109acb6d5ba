import type { Child } from "hono/jsx";
import type { Purge } from "../../../domain/purge.ts";
import { linkTo } from "../context.ts";
import type { Viewer } from "../purge-status/viewer.ts";
import { actionsIn, leavingWith, mayDo, type PurgeAction } from "./purge-actions.ts";

/** The actions that the reader may take on a purge, each with a confirmation, and whom to ask for the others. */
export function Actions({ purge, viewer }: { readonly purge: Purge; readonly viewer: Viewer }) {
  const { caller, health } = viewer;
  const allowed = actionsIn(purge);
  if (allowed.length === 0) return null;
  const denied = allowed.filter((action) => !mayDo(action, purge, caller));
  const canPay = health.budget.available >= 1;
  return (
    <div class="acts" id={`actions-${purge.id}`}>
      {allowed
        .filter((action) => mayDo(action, purge, caller) && (action !== "resend" || canPay))
        .map((action) => (
          <ActionForm action={action} purge={purge} viewer={viewer} />
        ))}
      {allowed.includes("resend") && mayDo("resend", purge, caller) && !canPay ? (
        <p class="quiet">Resending costs 1 unit, and none are left.</p>
      ) : null}
      {denied.length === 0 ? null : <p class="quiet">{deniedWords(denied)}</p>}
    </div>
  );
}

function ActionForm(props: { readonly action: PurgeAction; readonly purge: Purge; readonly viewer: Viewer }) {
  const { action, purge, viewer } = props;
  const { asks, says, confirms } = wordsFor(action, purge, viewer);
  return (
    <details class="confirm" id={`${action}-${purge.id}`}>
      <summary class="button">{asks}</summary>
      <form method="post" action={linkTo(viewer, `/purges/${purge.id}/${action}`)}>
        <input type="hidden" name="back" value={viewer.here} />
        <p>{says}</p>
        <button type="submit" class={action === "resend" ? "primary" : "danger"}>
          {confirms}
        </button>
      </form>
    </details>
  );
}

type Words = { readonly asks: string; readonly says: Child; readonly confirms: string };

function wordsFor(action: PurgeAction, purge: Purge, { caller, health }: Viewer): Words {
  switch (action) {
    case "cancel":
      return {
        asks: "Cancel",
        says: cancelWords(purge, leavingWith(purge, caller).length),
        confirms: "Yes, cancel it",
      };
    case "resend":
      return {
        asks: "Resend for 1 unit",
        says: `This costs 1 unit; ${health.budget.available} left. If ImageKit received the first send, the cache is cleared twice, which does no harm.`,
        confirms: "Yes, resend for 1 unit",
      };
    case "close":
      return {
        asks: "Close",
        says:
          purge.state === "completed"
            ? "You have seen that the old copy is still served, and it is no longer an alarm. Purge it again if it matters."
            : purge.state === "abandoned"
              ? "You have seen that it was given up, and the alarm no longer counts it. Submit it again if the cache is still stale."
              : `Purge Desk stops following it, and it counts as abandoned. ${purge.units === 1 ? "Its unit stays" : `Its ${purge.units} units stay`} spent, and the cache may still be stale.`,
        confirms: "Yes, close it",
      };
  }
}

function cancelWords({ state, units, batches }: Purge, leaving: number): string {
  if (leaving < batches.length) {
    const others = batches.length - leaving;
    return `Your batch stops waiting for it. It is still sent, for ${others === 1 ? "another batch" : `${others} other batches`}.`;
  }
  const isNotSent = units > 1 ? "It will not be sent again" : "It will not be sent";
  const lost =
    leaving > 1 ? `${isNotSent}, for any of the ${leaving} batches that wait for it.` : `${isNotSent}.`;
  if (state === "held") return lost;
  return units > 1
    ? `${lost} The resend’s unit is free again. The first send’s unit stays spent.`
    : `${lost} Its unit is free again.`;
}

function deniedWords(denied: readonly PurgeAction[]): string {
  if (denied.includes("cancel")) return "To cancel it, ask an admin or the person who requested it.";
  return `To ${denied.join(" or ")} it, ask an admin.`;
}
