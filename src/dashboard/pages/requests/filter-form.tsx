import { purgeStates } from "../../../domain/purge.ts";
import type { Period } from "../../../ledger/periods.ts";
import { Icon } from "../../ui/icon.tsx";
import { stateWords } from "../../ui/state.tsx";
import { queryOf, type RequestFilters } from "./request-filters.ts";

/** The filters, as a form that works without the script. */
export function Filters(props: {
  readonly action: string;
  readonly filters: RequestFilters;
  readonly months: readonly Period[];
  readonly actors: readonly string[];
}) {
  const { action, filters, months } = props;
  // An actor whose token no longer exists can still be given in the address.
  const actors = [...new Set([...props.actors, ...(filters.actor === undefined ? [] : [filters.actor])])];
  return (
    <search>
      <form class="filters" action={action}>
        <label>
          URL contains
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
          {purgeStates.map((state) => [state, stateWords[state].word] as const)}
        </Choice>
        <Choice name="actor" word="Actor" any="Anyone" chosen={filters.actor}>
          {actors.map((actor) => [actor, actor] as const)}
        </Choice>
        <Choice name="month" word="Month" any="Any month" chosen={filters.month?.month}>
          {months.map((period) => [period.month, monthWords(period)] as const)}
        </Choice>
        <button type="submit">Filter</button>
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

/** Each active filter, with a link that removes it. */
export function FiltersInForce({
  action,
  filters,
}: {
  readonly action: string;
  readonly filters: RequestFilters;
}) {
  const { text, state, actor, month } = filters;
  const inForce = [
    { words: `URL contains “${text}”`, without: { ...filters, text: undefined }, value: text },
    { words: state && stateWords[state].word, without: { ...filters, state: undefined }, value: state },
    { words: `by ${actor}`, without: { ...filters, actor: undefined }, value: actor },
    { words: month && monthWords(month), without: { ...filters, month: undefined }, value: month },
  ].filter(({ value }) => value !== undefined);
  if (inForce.length === 0) return null;
  return (
    <ul class="in-force" aria-label="Filters in force">
      {inForce.map(({ words, without }) => (
        <li>
          <a class="pill" href={action + queryOf(without)}>
            <span class="visually-hidden">Remove the filter: </span>
            {words}
            <Icon name="cancelled" />
          </a>
        </li>
      ))}
      {inForce.length < 2 ? null : (
        <li>
          <a class="pill clear" href={action}>
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
