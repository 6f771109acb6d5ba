import type { Budget } from "../../../domain/batch.ts";
import { count, percent } from "./amount.ts";

type Part = "spent" | "external" | "reserved" | "margin" | "available" | "held";

/** In the order of the bar. Patterns and words tell the parts apart, not only colours. */
const parts: readonly { readonly part: Part; readonly word: string; readonly means: string }[] = [
  { part: "spent", word: "Spent", means: "Sent to ImageKit from here." },
  { part: "external", word: "Spent elsewhere", means: "As entered: in ImageKit's dashboard, or by renames." },
  { part: "reserved", word: "Reserved", means: "Accepted here, and not sent yet." },
  { part: "margin", word: "Safety margin", means: "Kept back, never spent." },
  { part: "available", word: "Available", means: "Free for new requests." },
  { part: "held", word: "Held", means: "Waiting for budget. Free until it goes out." },
];

/** How the quota is used, as a bar and as a table. */
export function Meter({ budget }: { readonly budget: Budget }) {
  const { quota, margin, available, held } = budget;
  const used = budget.spent + budget.external + budget.reserved;
  // Units used beyond the limit reduce the margin.
  const drawn = {
    ...budget,
    margin: Math.min(margin, Math.max(0, quota - used)),
    available: Math.max(0, available),
  };
  const whole = Math.max(quota, used) + held;
  let from = 0;
  return (
    <div class="meter">
      <svg class="bar" width="100%" height="58" aria-hidden="true">
        <Patterns />
        {parts.map(({ part }) => {
          const x = from;
          from += drawn[part];
          return drawn[part] === 0 ? null : (
            <rect
              class={part}
              x={percent(x, whole)}
              y="20"
              width={percent(drawn[part], whole)}
              height="28"
              fill={`url(#meter-${part})`}
            />
          );
        })}
        {used > quota ? (
          <rect
            class="over"
            x={percent(quota, whole)}
            y="51"
            width={percent(used - quota, whole)}
            height="4"
          />
        ) : null}
        <line class="quota" x1={percent(quota, whole)} y1="6" x2={percent(quota, whole)} y2="56" />
        <text
          x={percent(quota, whole)}
          dx={quota / whole < 0.4 ? 6 : -6}
          y="14"
          text-anchor={quota / whole < 0.4 ? "start" : "end"}
        >
          Quota {count(quota)}
        </text>
      </svg>
      <table class="figures">
        <caption class="visually-hidden">The budget in units</caption>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Units</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ part, word, means }) => (
            <tr>
              <th scope="row">
                <Swatch part={part} />
                <span>
                  <span class="word">{word}</span>{" "}
                  <span class="means">
                    {budget[part] < 0 ? "Nothing is left. This many units are missing." : means}
                  </span>
                </span>
              </th>
              <td class="number">{count(budget[part])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Swatch({ part }: { readonly part: Part }) {
  return (
    <svg class="swatch" width="14" height="14" aria-hidden="true">
      <rect class={part} x="0.5" y="0.5" width="13" height="13" fill={`url(#meter-${part})`} />
    </svg>
  );
}

/** Solid, crossed, striped, dotted, empty, and striped the other way. */
function Patterns() {
  const tile = { width: "6", height: "6", patternUnits: "userSpaceOnUse" } as const;
  const ground = <rect class="ground" width="6" height="6" />;
  return (
    <defs>
      <pattern id="meter-spent" class="spent" {...tile}>
        <rect class="ink" width="6" height="6" />
      </pattern>
      <pattern id="meter-external" class="external" {...tile}>
        {ground}
        <path class="stroke" d="M0 0L6 6M6 0L0 6" />
      </pattern>
      <pattern id="meter-reserved" class="reserved" {...tile} patternTransform="rotate(45)">
        {ground}
        <rect class="ink" width="3" height="6" />
      </pattern>
      <pattern id="meter-margin" class="margin" {...tile}>
        {ground}
        <circle class="ink" cx="3" cy="3" r="1.25" />
      </pattern>
      <pattern id="meter-available" class="available" {...tile}>
        {ground}
      </pattern>
      <pattern id="meter-held" class="held" {...tile} patternTransform="rotate(-45)">
        {ground}
        <rect class="ink" width="1.5" height="6" />
      </pattern>
    </defs>
  );
}
