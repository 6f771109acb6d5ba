import type { PropsWithChildren } from "hono/jsx";
import type { Purge } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { linkTo } from "../../ui/context.ts";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { CopyButton } from "../../ui/support-mail.tsx";
import { Time } from "../../ui/time.tsx";

/** The record of a purge, as a list of names and values. */
export function PurgeFacts({ purge, viewer }: { readonly purge: Purge; readonly viewer: Viewer }) {
  return (
    <section class="record" aria-labelledby="facts-heading">
      <h2 id="facts-heading">Facts</h2>
      <dl>
        <Fact name="Actor">{purge.actor}</Fact>
        {purge.reason === undefined ? null : (
          <Fact name="Reason">
            <QuotedText text={purge.reason} />
          </Fact>
        )}
        <Fact name="Clears">
          {purge.kind === "wildcard" ? "everything that begins with it" : "exactly this URL"}
        </Fact>
        <Fact name="Cost">{costOf(purge)}</Fact>
        <Fact name="Sent">{timesOf(purge.attempts)}</Fact>

        <Fact name="Status checks">{purge.checks}</Fact>
        {purge.imagekitRequestId === undefined ? null : (
          <Fact name="ImageKit’s request id">
            <Copied id="imagekit-id" name="ImageKit’s request id" text={purge.imagekitRequestId} />
          </Fact>
        )}
        <Moment name="Submitted" at={purge.createdAt} />
        {purge.isScheduled === true ? <Moment name="Scheduled for" at={purge.sendAt} /> : null}
        <Moment name="Last sent" at={purge.sentAt} />
        <Moment name="Accepted" at={purge.acceptedAt} />
        <Moment name="Completed" at={purge.completedAt} />
        {purge.completedAt === undefined ? <Moment name="Ended" at={purge.endedAt} /> : null}
        <Fact name="Purge id">
          <Copied id="purge-id" name="the purge id" text={purge.id} />
        </Fact>
        <Fact name={purge.batches.length > 1 ? "Batches" : "Batch"}>
          <Batches purge={purge} viewer={viewer} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: PropsWithChildren<{ readonly name: string }>) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** An id with a button that copies it. */
function Copied({ id, name, text }: { readonly id: string; readonly name: string; readonly text: string }) {
  return (
    <>
      <code id={id}>{text}</code>{" "}
      <CopyButton of={id} about={`Copy ${name}`}>
        Copy
      </CopyButton>
    </>
  );
}

function Moment({ name, at }: { readonly name: string; readonly at?: EpochMs | undefined }) {
  if (at === undefined) return null;
  return (
    <Fact name={name}>
      <Time at={at} />
    </Fact>
  );
}

function Batches({ purge, viewer }: { readonly purge: Purge; readonly viewer: Viewer }) {
  const { batchId, batches, actor } = purge;
  const isLeft = batches.every(({ id }) => id !== batchId);
  const shown = isLeft ? [{ id: batchId, actor }, ...batches] : batches;
  return (
    <ul class="plain">
      {shown.map(({ id, actor }) => (
        <li>
          <a href={linkTo(viewer, `/batches/${id}`)}>
            <code>{id}</code>
          </a>{" "}
          <span class="quiet">
            {actor}
            {id !== batchId ? ", joined" : isLeft ? ", no longer waits" : ""}
          </span>
        </li>
      ))}
    </ul>
  );
}

function timesOf(count: number): string {
  if (count === 0) return "not yet";
  return count === 1 ? "once" : `${count} times`;
}

/** `1 unit, set aside`: what it costs as it stands. */
function costOf({ units, state, attempts, timeline }: Purge): string {
  if (units === 0) {
    if (state === "held") return "nothing yet; 1 unit when it goes out";
    const hadUnit = timeline.some(({ state }) => state === "queued");
    return hadUnit ? "nothing; its unit is free again" : "nothing";
  }
  const amount = units === 1 ? "1 unit" : `${units} units`;
  if (state !== "queued") return `${amount}, spent`;
  return units > 1
    ? `${amount}: 1 spent, 1 set aside`
    : `${amount}, set aside${attempts > 0 ? " again" : ""}`;
}
