import type { CoverWords } from "../../shared/cover-words.ts";
import { Icon } from "../../ui/icon.tsx";

/**
 * Folders that could be cleared whole, each with a button that accepts it or takes that back. The script's offer-list.ts
 * builds the same elements.
 */
export function Covers({ covers }: { readonly covers: readonly CoverWords[] }) {
  if (covers.length === 0) return null;
  return (
    <ul class="covers" aria-label="Folders that can be cleared whole">
      {covers.map(({ prefix, kind, text, button }) => (
        <li class={kind === "accepted" ? "ok" : "info"}>
          <Icon name={kind === "accepted" ? "ok" : "info"} />
          <span>{text}</span>
          {button === undefined ? null : (
            <button
              type="submit"
              form="request-form"
              class="small"
              name={kind === "accepted" ? "undo" : "accept"}
              value={prefix}
            >
              {button}
              <span class="visually-hidden">: {prefix}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
