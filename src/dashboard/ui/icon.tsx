import type { PurgeState } from "../../domain/purge.ts";

export type IconName = PurgeState | "scheduled" | "alarm" | "warning" | "ok" | "info" | "wildcard";

/**
 * Drawn on 16 × 16 in the colour of the surrounding text. Shapes differ, so that colour alone never carries meaning.
 */
const shapes: Readonly<Record<IconName, string>> = {
  held: "M5 3v10M11 3v10",
  queued: "M3 4h10M3 8h10M3 12h6",
  scheduled: "M3 4h10v9H3zM3 7h10M6 2v3M10 2v3",
  sending: "M2 8h11M9 4l4 4-4 4",
  pending: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3l2 2",
  overdue: "M4 2h8M4 14h8M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12",
  unknown: "M5.5 6a2.5 2.5 0 1 1 4 2c-1 .7-1.5 1.2-1.5 2.2M8 13v.01",
  completed: "M3 8.5l3.5 3.5L13 4.5",
  refused: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 4l8 8",
  cancelled: "M4 4l8 8M12 4l-8 8",
  abandoned: "M3 8h10M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2",
  alarm: "M8 2l6 11H2zM8 6v3.5M8 11.5v.01",
  warning: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3.5M8 11v.01",
  ok: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M5 8.2l2 2 4-4.4",
  info: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 7.5V11M8 5v.01",
  wildcard: "M8 3v10M3.7 5.5l8.6 5M12.3 5.5l-8.6 5",
};

/** The shapes, once per page. `Icon` refers to them. */
export function Icons() {
  return (
    <svg class="icons" aria-hidden="true">
      {Object.entries(shapes).map(([name, path]) => (
        <symbol id={`i-${name}`} viewBox="0 0 16 16">
          <path d={path} />
        </symbol>
      ))}
    </svg>
  );
}

/** Decorative: the text beside it says the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
