import { edgeOutcomes } from "../../../domain/edge-check.ts";
import { edgeLabels } from "../../../domain/edge-words.ts";
import { purgeStates } from "../../../domain/purge.ts";
import type { Period } from "../../../ledger/periods.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import { Icon } from "../../ui/icon.tsx";
import { stateWords } from "../../ui/state.tsx";
import { type Grouping, queryOf, type RequestFilters } from "./request-filters.ts";

const unprovenWord = "Not proven fresh";

/** The filters, as a form that works without the script. With it, a choice takes effect at once. */
export function Filters(props: {
  readonly action: string;
  readonly filters: RequestFilters;
  readonly grouping: Grouping;
  readonly months: readonly Period[];
  readonly actors: readonly string[];
}) {
  const { action, filters, grouping, months } = props;
  // An actor whose token no longer exists can still be given in the address.
  const actors = [...new Set([...props.actors, ...(filters.actor === undefined ? [] : [filters.actor])])];
  return (
    <search>
      <form class="filters" action={action}>
        <label class="sought">
          URL, reason or id contains
          <input
            type="search"
            name="q"
            value={filters.text}
            maxlength={500}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        <Choice name="state" word="State" any="Any state" chosen={filters.state}>
          {[
            ["open", "Open"],
            ["scheduled", "Scheduled"],
            ...purgeStates.map((state): [string, string] => [state, stateWords[state].word]),
          ]}
        </Choice>
        <Choice name="edge" word="Seen at the CDN" any="Anything" chosen={filters.edge}>
          {[
            ["unproven", unprovenWord],
            ...[...edgeOutcomes, "waiting" as const].map((each): [string, string] => [
              each,
              edgeLabels[each],
            ]),
          ]}
        </Choice>
        <Choice name="actor" word="Actor" any="Anyone" chosen={filters.actor}>
          {actors.map((actor) => [actor, actor] as const)}
        </Choice>
        <Choice name="month" word="Month" any="Any month" chosen={filters.month?.month}>
          {months.map((period) => [period.month, monthWords(period)] as const)}
        </Choice>
        <Day name="from" word="From, UTC" day={filters.from} />
        <Day name="to" word="To, UTC" day={filters.to} />
        <button type="submit">Filter</button>
        <label class="grouping">
          <input type="checkbox" name="group" value="batch" checked={grouping === "batch"} />
          Group by batch
        </label>
      </form>
    </search>
  );
}

function Choice(props: {
  readonly name: string;
  readonly word: string;
  readonly any: string;
  readonly chosen: string | undefined;
  readonly children: readonly (readonly [value: string, word: string])[];
}) {
  const { name, word, any, chosen, children } = props;
  return (
    <label>
      {word}
      <select name={name}>
        <option value="">{any}</option>
        {children.map(([value, each]) => (
          <option value={value} selected={value === chosen}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

function Day(props: { readonly name: string; readonly word: string; readonly day: string | undefined }) {
  return (
    <label>
      {props.word}
      <input type="date" name={props.name} value={props.day} max="9999-12-31" />
    </label>
  );
}

/** Each active filter, with a link that removes it. */
export function FiltersInForce(props: {
  readonly action: string;
  readonly filters: RequestFilters;
  readonly grouping: Grouping;
}) {
  const { action, filters, grouping } = props;
  const { text, state, edge, actor, month, from, to } = filters;
  const stateWord =
    state === "scheduled"
      ? "Scheduled"
      : state === undefined || state === "open"
        ? "Open"
        : stateWords[state].word;
  const inForce = [
    { words: `contains “${visibleText(text ?? "")}”`, without: { ...filters, text: undefined }, value: text },
    { words: stateWord, without: { ...filters, state: undefined }, value: state },
    {
      words: edge === undefined || edge === "unproven" ? unprovenWord : edgeLabels[edge],
      without: { ...filters, edge: undefined },
      value: edge,
    },
    { words: `by ${actor}`, without: { ...filters, actor: undefined }, value: actor },
    { words: month && monthWords(month), without: { ...filters, month: undefined }, value: month },
    { words: `from ${from}`, without: { ...filters, from: undefined }, value: from },
    { words: `to ${to}`, without: { ...filters, to: undefined }, value: to },
  ].filter(({ value }) => value !== undefined);
  if (inForce.length === 0) return null;
  return (
    <ul class="in-force" aria-label="Filters in force">
      {inForce.map(({ words, without }) => (
        <li>
          <a class="pill" href={action + queryOf(without, {}, grouping)}>
            <span class="visually-hidden">Remove the filter: </span>
            {words}
            <Icon name="cancelled" />
          </a>
        </li>
      ))}
      {inForce.length < 2 ? null : (
        <li>
          <a class="pill clear" href={action + queryOf({}, {}, grouping)}>
            Clear all
          </a>
        </li>
      )}
    </ul>
  );
}

/** `November 2026`: the quota period that begins in that month. */
function monthWords({ month }: Period): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString("en", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
