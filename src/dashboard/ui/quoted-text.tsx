import { maskSignature } from "../../rules/signed-url.ts";
import { visibleText } from "../../rules/visible-text.ts";

/** Text that somebody else wrote, isolated from ours: signatures masked, hidden characters shown. */
export function QuotedText({ text }: { readonly text: string }) {
  return <bdi dir="auto">{visibleText(maskSignature(text))}</bdi>;
}
