import type { Naming } from "../../shared/naming.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";

const choices = [
  { naming: "automatic", word: "Automatic" },
  { naming: "images", word: "Images" },
  { naming: "urls", word: "URLs" },
] as const satisfies readonly { readonly naming: Naming; readonly word: string }[];

/** Whether the lines name images or URLs, and what they were taken for. */
export function NamingChoice({ draft, guess }: { readonly draft: RequestDraft; readonly guess: string }) {
  return (
    <fieldset class="naming" data-naming>
      <legend>The lines are</legend>
      {choices.map(({ naming, word }) => (
        <label>
          <input type="radio" name="naming" value={naming} checked={draft.naming === naming} />
          {word}
        </label>
      ))}
      <span class="hint" data-guess>
        {guess}
      </span>
    </fieldset>
  );
}
