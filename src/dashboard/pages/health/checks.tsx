import type { Check, CheckState } from "../../../http/answers/check.ts";
import { capitalize } from "../../shared/words.ts";
import { Callout } from "../../ui/callout.tsx";
import { linkTo } from "../../ui/context.ts";
import { Icon } from "../../ui/icon.tsx";
import { TimedText } from "../../ui/sentence.tsx";
import { describeCheck, loudOf, quietOf, type Remedy } from "./describe-check.ts";

type ChecksAbout = { readonly checks: readonly Check[]; readonly basePath: string };

/** An admin can try a key again without waiting for the next probe. */
const triable: readonly string[] = ["alarm-credentials-send", "alarm-credentials-poll"];

const verdictWords: Readonly<Record<CheckState, string>> = {
  ok: "OK",
  warning: "Check",
  alarm: "Alarm",
};

/** The alarms, each with what to do about it. */
export function Alarms({ checks, basePath, mayTry }: ChecksAbout & { readonly mayTry: boolean }) {
  return (
    <div id="health-alarms" class="loud">
      {loudOf(checks).map((check) => (
        <Callout kind="alarm" id={`loud-${check.name}`}>
          <h2>{describeCheck(check).loud}</h2>
          <p>
            <TimedText text={check.advice ?? ""} />
          </p>
          <p class="small">
            <span class="since">
              <TimedText text={capitalize(check.seen)} />
            </span>
            <Remedies remedies={describeCheck(check).remedies} basePath={basePath} />
          </p>
          {mayTry && triable.includes(check.name) ? (
            <form method="post" action={linkTo({ basePath }, "/health/try")}>
              <button type="submit">Try now</button>
            </form>
          ) : null}
        </Callout>
      ))}
    </div>
  );
}

const order: readonly CheckState[] = ["alarm", "warning", "ok"];

/** All checks, those that need attention first. */
export function Checks({ checks, basePath }: ChecksAbout) {
  return (
    <ul class="checks card" id="health-checks">
      {quietOf(checks)
        .toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state))
        .map((check) => {
          const { title, remedies } = describeCheck(check);
          return (
            <li class={`check ${check.state}`} id={`check-${check.name}`}>
              <span class="verdict">
                <Icon name={check.state} />
                {verdictWords[check.state]}
              </span>
              <h3>{title}</h3>
              <div>
                <p>
                  <TimedText text={capitalize(check.seen)} />
                </p>
                {check.advice === null ? null : (
                  <p class="quiet">
                    <TimedText text={check.advice} />
                    <Remedies remedies={remedies} basePath={basePath} />
                  </p>
                )}
              </div>
            </li>
          );
        })}
    </ul>
  );
}

function Remedies({
  remedies,
  basePath,
}: {
  readonly remedies: readonly Remedy[];
  readonly basePath: string;
}) {
  return (
    <>
      {remedies.map(({ words, page, rest = "" }, index) => (
        <>
          {index === 0 ? " " : " · "}
          <a href={linkTo({ basePath }, page) + rest}>{words}</a>
        </>
      ))}
    </>
  );
}
