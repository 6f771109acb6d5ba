import { profilePrice } from "../../../planning/check-profile.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { profilePriceWords } from "../../shared/profile-words.ts";
import { pluralize } from "../../shared/words.ts";
import { TargetUrl } from "../../ui/target.tsx";
import { fieldNames, type ProfileDraft, profileOf } from "./profile-draft.ts";
import type { FieldProblems } from "./profile-problems.ts";

/** The fields of one profile. The script keeps the price up to date while they are edited. */
export function ProfileFields(props: {
  readonly draft: ProfileDraft;
  readonly index: number;
  readonly endpoints: readonly UrlEndpoint[];
  readonly problems: FieldProblems;
  /** One of several that were found, which can be left out. */
  readonly isOptional: boolean;
}) {
  const { draft, index, endpoints, problems, isOptional } = props;
  const names = fieldNames(index);
  const isStored = draft.was !== "";
  return (
    <fieldset class="card stack profile-fields" data-profile-fields>
      <legend>
        {isStored ? `Profile ${draft.was}` : isOptional ? `New profile ${index + 1}` : "New profile"}
      </legend>
      <input type="hidden" name={names.was} value={draft.was} />
      <input type="hidden" name={names.version} value={draft.version} />
      {isOptional ? (
        <div class="choices">
          <label>
            <input type="radio" name={names.wanted} value="yes" checked={draft.isWanted} />
            {isStored ? "Change this profile" : "Save this profile"}
          </label>
          <label>
            <input type="radio" name={names.wanted} value="no" checked={!draft.isWanted} />
            {isStored ? "Leave it as it is" : "Leave it out"}
          </label>
        </div>
      ) : null}
      {isStored ? (
        <input type="hidden" name={names.name} value={draft.name} />
      ) : (
        <Labelled
          id={`name-${index}`}
          label="Name"
          hint="1 to 32 of a-z, 0-9 and -, such as shop."
          problem={problems.name}
        >
          {(described) => (
            <input
              id={`name-${index}`}
              name={names.name}
              value={draft.name}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              {...described}
            />
          )}
        </Labelled>
      )}
      <Labelled
        id={`paths-${index}`}
        label="Paths, one per line"
        hint="The folders of its images, as paths after the URL endpoint, such as /products/. A single / means every image."
        problem={problems.paths}
      >
        {(described) => (
          <textarea id={`paths-${index}`} name={names.paths} rows={2} spellcheck={false} {...described}>
            {textOf(draft.paths)}
          </textarea>
        )}
      </Labelled>
      <Endpoints draft={draft} index={index} endpoints={endpoints} problem={problems.endpoints} />
      {draft.choices.length === 0 ? null : <Choices draft={draft} index={index} />}
      <Labelled
        id={`transformations-${index}`}
        label={
          draft.choices.length === 0
            ? "Path transformations, one per line"
            : "More path transformations, one per line"
        }
        hint="As in the path of your URLs, such as tr:w-400. {a,b} stands for each of the values: tr:w-{640,750},c-at_max. Transformations in the query (?tr=…) need no entry: they are always cleared."
        problem={problems.transformations}
      >
        {(described) => (
          <textarea
            id={`transformations-${index}`}
            name={names.transformations}
            rows={isOptional ? 2 : 6}
            spellcheck={false}
            {...described}
          >
            {textOf(draft.transformations)}
          </textarea>
        )}
      </Labelled>
      {problems.other === undefined ? null : (
        <p class="field-problem" id={`other-${index}`}>
          {problems.other}
        </p>
      )}
      <p class="profile-price">
        Price: <strong data-price>{profilePriceWords(profilePrice(profileOf(draft)))}</strong>
      </p>
    </fieldset>
  );
}

type Described = { readonly "aria-describedby": string; readonly "aria-invalid"?: "true" | undefined };

function Labelled(props: {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly problem: string | undefined;
  readonly children: (described: Described) => unknown;
}) {
  const { id, label, hint, problem, children } = props;
  const described: Described = {
    "aria-describedby": problem === undefined ? `${id}-hint` : `${id}-problem ${id}-hint`,
    "aria-invalid": problem === undefined ? undefined : "true",
  };
  return (
    <div class="stack">
      <label for={id}>{label}</label>
      {children(described)}
      {problem === undefined ? null : (
        <p class="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

/** A text area leaves out the first line break. */
function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${lines.join("\n")}`;
}

function Endpoints(props: {
  readonly draft: ProfileDraft;
  readonly index: number;
  readonly endpoints: readonly UrlEndpoint[];
  readonly problem: string | undefined;
}) {
  const { draft, index, problem } = props;
  const names = fieldNames(index);
  const configured = props.endpoints.map(({ host, path }) => `https://${host}${path}`);
  // An endpoint may have been configured when the profile was saved. It is shown, so that it can be removed.
  const others = draft.endpoints.filter((endpoint) => !configured.includes(endpoint));
  return (
    <fieldset
      class="choices"
      aria-describedby={problem === undefined ? undefined : `endpoints-${index}-problem`}
    >
      <legend>URL endpoints from which pages show these images</legend>
      {[...configured, ...others].map((endpoint, place) => (
        <label>
          <input
            type="checkbox"
            name={`${names.endpoint}${place}`}
            value={endpoint}
            checked={draft.endpoints.includes(endpoint)}
            data-endpoint
          />
          <span>
            <TargetUrl url={endpoint} />
            {others.includes(endpoint) ? <span class="quiet"> no longer configured</span> : null}
          </span>
        </label>
      ))}
      {problem === undefined ? null : (
        <p class="field-problem" id={`endpoints-${index}-problem`}>
          {problem}
        </p>
      )}
    </fieldset>
  );
}

/** What was found, the most frequent first, and what a stored profile has already. `learnedDrafts` decides what is ticked. */
function Choices({ draft, index }: { readonly draft: ProfileDraft; readonly index: number }) {
  const names = fieldNames(index);
  return (
    <fieldset class="choices transformations">
      <legend>
        Path transformations found. Each one ticked costs 1 unit per image and URL endpoint; tick only what
        your pages really use
      </legend>
      {draft.choices.map(({ transformation, seen, isChosen }, place) => (
        <label>
          <input type="hidden" name={`${names.choice}${place}`} value={`${seen} ${transformation}`} />
          <input
            type="checkbox"
            name={`${names.chosen}${place}`}
            value={transformation}
            checked={isChosen}
            data-transformation
          />
          <span>
            <code class="target">{transformation}</code>{" "}
            <span class="quiet">{seen === 0 ? "not found in this text" : `${pluralize(seen, "time")}`}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
