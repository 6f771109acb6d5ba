import { maskSignature } from "../../rules/signed-url.ts";
import { visibleText } from "../../rules/visible-text.ts";

/** What somebody wrote, kept apart from our words: signatures masked, nothing in it hidden or turning them around. */
export function Said({ text }: { readonly text: string }) {
  return <bdi dir="auto">{visibleText(maskSignature(text))}</bdi>;
}
