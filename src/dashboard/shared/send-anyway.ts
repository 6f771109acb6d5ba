import type { MistakePolicy } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";

/** The name of the field that says of a line that it is to be sent although it is probably a mistake. */
export const anywayField = "anyway.";

/** How such a line is named: by its text, so that the answer stays with it when lines are moved. */
export function anywayName(input: string): string {
  return maskSignature(input.trim());
}

/** Decides for each line whether to send it although it is probably a mistake. */
export function mistakePolicy(anyway: ReadonlySet<string>): (input: string) => MistakePolicy {
  return (input) => (anyway.size > 0 && anyway.has(anywayName(input)) ? "send" : "reject");
}
