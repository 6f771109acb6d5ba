import type { Purge, PurgeState } from "../../domain/purge.ts";
import type { EpochMs } from "../../domain/time.ts";
import { Icon } from "./icon.tsx";
import { Time } from "./time.tsx";

/** The word for each state, and its meaning in one sentence. */
export const stateWords: Readonly<Record<PurgeState, { readonly word: string; readonly means: string }>> = {
  held: { word: "Held", means: "Waits for budget. It goes out when a unit is free." },
  queued: { word: "Queued", means: "Accepted, and not sent to ImageKit yet." },
  sending: { word: "Sending", means: "On its way to ImageKit." },
  pending: { word: "Pending", means: "ImageKit accepted it and is clearing its caches." },
  overdue: {
    word: "Overdue",
    means: "ImageKit accepted it more than 15 minutes ago and has not completed it.",
  },
  unknown: { word: "Unknown", means: "It was sent, and no usable answer came back." },
  completed: { word: "Completed", means: "ImageKit said Completed." },
  refused: { word: "Refused", means: "ImageKit does not accept this URL." },
  cancelled: { word: "Cancelled", means: "Cancelled before it was sent." },
  abandoned: { word: "Abandoned", means: "ImageKit never said Completed. The cache may still be stale." },
};

/** The meaning of a purge's state. If a unit is spent, only the resend was cancelled. */
export function meaningOf({ state, units }: Pick<Purge, "state" | "units">): string {
  return state === "cancelled" && units > 0
    ? "Its resend was taken back. The result of the first send is not known."
    : stateWords[state].means;
}

/** A state as a pill. */
export function State({ state }: { readonly state: PurgeState }) {
  return (
    <span class={`pill state ${state}`}>
      <Icon name={state} />
      {stateWords[state].word}
    </span>
  );
}

/** When a purge is to be sent, if that is still ahead: it was scheduled, or waits for later requests to share it. */
export function waitsUntil(
  { state, sendAt }: Pick<Purge, "state" | "sendAt">,
  now: EpochMs,
): EpochMs | undefined {
  if (sendAt === undefined || sendAt <= now) return undefined;
  return state === "queued" || state === "held" ? sendAt : undefined;
}

/** A purge's state as a pill; while it waits for its time, “Scheduled” and that time. */
export function PurgeStateNow(props: {
  readonly purge: Purge;
  /** For the reader: cancelled here, while the purge goes on for others. */
  readonly state: PurgeState;
  readonly now: EpochMs;
}) {
  const { purge, state, now } = props;
  const at = state === purge.state ? waitsUntil(purge, now) : undefined;
  if (at === undefined || state === "held") return <State state={state} />;
  return (
    <span class="state-now">
      <span class="pill state scheduled">
        <Icon name="scheduled" />
        Scheduled
      </span>{" "}
      <span class="quiet small">
        for <Time at={at} />
      </span>
    </span>
  );
}
