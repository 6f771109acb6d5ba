import type { EdgeCheck, EdgeReading } from "../../../domain/edge-check.ts";
import { edgeLimits } from "../../../domain/edge-words.ts";
import type { Purge } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { duration } from "../../ui/duration.ts";
import { seenOf } from "../../ui/edge-mark.tsx";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { isNearTo } from "../../ui/sentence.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";

/** What the CDN served before the purge and serves after it, side by side; nothing until it was read. */
export function EdgeSection({ purge, now }: { readonly purge: Purge; readonly now: EpochMs }) {
  const edge = seenOf(purge);
  const { before, after } = edge ?? {};
  if (edge === undefined || (before ?? after) === undefined) return null;
  return (
    <section class="card" id="edge" aria-labelledby="edge-heading">
      <h2 id="edge-heading">What the CDN serves</h2>
      <Readings before={before} after={after} now={now} />
      <p class="quiet small">
        Read: <TargetUrl url={edge.url} />. {edgeLimits}
      </p>
    </section>
  );
}

/** A table, so that a screen reader too can compare them; on a phone the style keeps both columns. */
function Readings({ before, after, now }: Pick<EdgeCheck, "before" | "after"> & { readonly now: EpochMs }) {
  const rows = facts.filter(({ of }) =>
    [before, after].some((reading) => reading && of(reading) !== undefined),
  );
  return (
    <table class="readings">
      <caption class="visually-hidden">The two readings of the URL</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Before the purge</th>
          <th scope="col">After Completed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, of, show }) => (
          <tr>
            <th scope="row">{name}</th>
            {[before, after].map((reading) => (
              <td>
                {reading === undefined ? <NotRead /> : <Shown value={of(reading)} show={show} now={now} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NotRead() {
  return <span class="quiet">not read</span>;
}

type Kind = "time" | "code" | "words";

function Shown({
  value,
  show,
  now,
}: {
  readonly value: string | EpochMs | undefined;
  readonly show: Kind;
  readonly now: EpochMs;
}) {
  if (value === undefined) return <span class="quiet">not said</span>;
  if (typeof value === "number") return <Time at={value} show={isNearTo(value, now) ? "clock" : "moment"} />;
  return show === "code" ? (
    <code>
      <QuotedText text={value} />
    </code>
  ) : (
    <QuotedText text={value} />
  );
}

type Fact = {
  readonly name: string;
  readonly of: (reading: EdgeReading) => string | EpochMs | undefined;
  readonly show: Kind;
};

const facts: readonly Fact[] = [
  { name: "Read", of: ({ at }) => at, show: "time" },
  { name: "Answer", of: answerOf, show: "words" },
  { name: "Type", of: ({ type }) => type, show: "code" },
  { name: "Copy made", of: ({ madeAt }) => madeAt, show: "time" },
  {
    name: "Age",
    of: ({ ageSeconds }) => (ageSeconds === undefined ? undefined : ageWords(ageSeconds)),
    show: "words",
  },
  { name: "From the cache", of: ({ cache }) => cache && cacheWords[cache], show: "words" },
  { name: "Fingerprint", of: ({ fingerprint }) => fingerprint, show: "code" },
  { name: "CDN location", of: ({ location }) => location, show: "code" },
];

const cacheWords = { hit: "yes, a stored copy", miss: "no, a new copy" } as const;

function answerOf({ status, problem }: EdgeReading): string | undefined {
  if (problem !== undefined) return status === undefined ? problem : `${status}: ${problem}`;
  return status === undefined ? "none" : String(status);
}

function ageWords(seconds: number): string {
  return seconds === 0 ? "new" : duration(seconds * 1_000);
}
