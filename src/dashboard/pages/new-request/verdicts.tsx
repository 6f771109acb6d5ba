import {
  describeLine,
  type LineNote,
  type OtherPurge,
  type PlannedLine,
  summarizeLines,
} from "../../shared/describe-line.ts";
import { foldWarnings } from "../../shared/fold-warnings.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { TargetUrl } from "../../ui/target.tsx";

type VerdictsAbout = {
  readonly basePath: string;
  readonly lines: readonly PlannedLine[];
  readonly others: ReadonlyMap<number, OtherPurge>;
  readonly mayUseWildcards: boolean;
};

const icons = {
  accepted: "ok",
  rejected: "refused",
  free: "info",
  ask: "warning",
} as const satisfies Readonly<Record<string, IconName>>;

/** What would happen to each line. The script's verdict-list.ts builds the same elements. */
export function Verdicts({ basePath, lines, others, mayUseWildcards }: VerdictsAbout) {
  const folded = foldWarnings(lines, { mayUseWildcards });
  const context = { mayUseWildcards, others, folded: new Set(folded.map(({ code }) => code)) };
  return (
    <>
      <p>{summarizeLines(lines)}.</p>
      {folded.length === 0 ? null : (
        <ul class="folded">
          {folded.map(({ text }) => (
            <li>{text}</li>
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
              {words.notes.map((note) => (
                <Note note={note} basePath={basePath} />
              ))}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Note({ note, basePath }: { readonly note: LineNote; readonly basePath: string }) {
  const { text, suggestion, purgeId } = note;
  return (
    <p class="note">
      {text}
      {purgeId === undefined ? null : (
        <>
          {" "}
          <a href={`${basePath}/purges/${purgeId}`}>See that purge</a>
        </>
      )}
      {suggestion === undefined ? null : (
        <span class="suggestion">
          Use this instead: <TargetUrl url={suggestion} />
        </span>
      )}
    </p>
  );
}
