import { type LineCounts, summarizeLines } from "../../shared/count-lines.ts";
import type { CoverWords } from "../../shared/cover-words.ts";
import { targetsSummary } from "../../shared/describe-image.ts";
import { describeLine } from "../../shared/describe-line.ts";
import { foldWarnings } from "../../shared/fold-warnings.ts";
import type { LineDescription, LineNote, OtherPurge } from "../../shared/line-description.ts";
import type { PlannedLine } from "../../shared/planned-line.ts";
import { anywayField, anywayName } from "../../shared/send-anyway.ts";
import type { WholeImages } from "../../shared/whole-images.ts";
import { capitalize } from "../../shared/words.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Covers } from "./covers.tsx";

type VerdictsAbout = {
  readonly basePath: string;
  readonly lines: readonly PlannedLine[];
  readonly others: ReadonlyMap<number, OtherPurge>;
  readonly counts: LineCounts;
  readonly mayUseWildcards: boolean;
  readonly covers: readonly CoverWords[];
  readonly wholeImages: WholeImages | undefined;
};

const icons = {
  accepted: "ok",
  rejected: "refused",
  free: "info",
  ask: "warning",
} as const satisfies Readonly<Record<string, IconName>>;

/** What would happen to each line. The script's verdict-list.ts builds the same elements. */
export function Verdicts(about: VerdictsAbout) {
  const { basePath, lines, others, counts, mayUseWildcards, covers, wholeImages } = about;
  const folded = foldWarnings(lines, { mayUseWildcards });
  const context = { mayUseWildcards, others, counts, folded: new Set(folded.map(({ code }) => code)) };
  return (
    <>
      <p>{capitalize(summarizeLines(counts))}.</p>
      {wholeImages === undefined ? null : <WholeImagesOffer {...wholeImages} />}
      <Covers covers={covers} />
      {folded.length === 0 ? null : (
        <ul class="folded">
          {folded.map(({ text, severity }) => (
            <li class={severity}>{text}</li>
          ))}
        </ul>
      )}
      <ol class="line-verdicts">
        {lines.map((planned) => {
          const words = describeLine(planned, context);
          return (
            <li class={`line-verdict ${words.tone}`}>
              <span class="number">
                <span class="visually-hidden">Line </span>
                {words.line}
              </span>
              <TargetUrl url={words.input} />
              <span class="said">
                <Icon name={icons[words.tone]} />
                <strong>{words.word}</strong> {words.price}
              </span>
              <ImageTargets {...words} />
              {words.notes.map((note) => (
                <Note note={note} basePath={basePath} />
              ))}
              <SendAnyway {...words} />
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** All lines name URLs of images: takes them for the images. */
function WholeImagesOffer({ text, button }: WholeImages) {
  return (
    <ul class="covers">
      <li class="info">
        <Icon name="info" />
        <span>{text}</span>
        <button type="submit" form="request-form" class="small" name="intent" value="whole-images">
          {button}
        </button>
      </li>
    </ul>
  );
}

/** The image that a line names, and its URLs. The script's verdict-row.ts builds the same elements. */
function ImageTargets({ understood, profile, targets }: LineDescription) {
  if (targets === undefined) return null;
  return (
    <div class="note of-image">
      {understood === undefined ? null : (
        <>
          Image <TargetUrl url={understood} />
          {". "}
        </>
      )}
      <details>
        <summary>{targetsSummary(targets.length, profile)}</summary>
        <ul class="plain">
          {targets.map(({ url, said }) => (
            <li>
              <TargetUrl url={url} /> <span class="quiet">{said}</span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Note({ note, basePath }: { readonly note: LineNote; readonly basePath: string }) {
  const { text, severity, why, suggestion, purgeId } = note;
  return (
    <div class={`note${severity === undefined ? "" : ` ${severity}`}`}>
      {text}
      {purgeId === undefined ? null : (
        <>
          {" "}
          <a href={`${basePath}/purges/${purgeId}`}>See that purge</a>
        </>
      )}
      {suggestion === undefined ? null : (
        <div class="suggestion">
          Use this instead:{" "}
          {suggestion.split("\n").map((line) => (
            <div>
              <TargetUrl url={line} />
            </div>
          ))}
        </div>
      )}
      {why === undefined ? null : (
        <details>
          <summary>Why</summary>
          {why}
        </details>
      )}
    </div>
  );
}

/** Belongs to the form, and is read by the next check or submission. */
function SendAnyway({ line, input, mistake }: LineDescription) {
  if (mistake === undefined) return null;
  return (
    <label class="note anyway">
      <input
        type="checkbox"
        form="request-form"
        name={`${anywayField}${line}`}
        value={anywayName(input)}
        checked={mistake === "confirmed"}
      />
      Send it anyway<span class="visually-hidden">: line {line}</span>
    </label>
  );
}
