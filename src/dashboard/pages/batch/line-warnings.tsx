import type { Warning } from "../../../domain/verdict.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";

/** What was said of a line when it was submitted. */
export function Warnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings quiet">
      {warnings.map(({ message }) => (
        <li>
          <QuotedText text={message} />
        </li>
      ))}
    </ul>
  );
}
