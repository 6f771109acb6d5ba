import { withoutTrailing } from "./trailing.ts";

/** Shorter runs of a secret reveal nothing, and occur in ordinary words. */
export const shortestRun = 8;
/** Shorter settings are not masked: they would garble ids and URLs. */
const shortestSecret = 6;
/** How every private key of ImageKit begins: not a secret. */
const keyPrefix = "private_";

/**
 * Masks every run of 8 or more characters of these secrets, whole or in part, as they are or as base64 (also within a
 * longer text, as in Basic credentials), percent-encoded or inside JSON. The cost is linear in the text's length.
 */
export function secretMask(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.filter(({ length }) => length >= shortestSecret).flatMap(formsOf);
  const short = forms.filter(({ length }) => length < shortestRun && length >= shortestSecret);
  const runs = new Set(forms.flatMap(runsOf));
  runs.delete(keyPrefix);

  return function maskSecrets(text) {
    let masked = "";
    let keptFrom = 0;
    for (let at = 0; at + shortestRun <= text.length; at++) {
      if (!runs.has(text.slice(at, at + shortestRun))) continue;
      let end = at + shortestRun;
      while (end < text.length && runs.has(text.slice(end + 1 - shortestRun, end + 1))) end++;
      masked += `${text.slice(keptFrom, at)}***`;
      keptFrom = end;
      at = end - 1;
    }
    masked += text.slice(keptFrom);
    return short.reduce((rest, form) => rest.replaceAll(form, "***"), masked);
  };
}

function formsOf(secret: string): readonly string[] {
  const percentEncoded = encodeURIComponent(secret);
  const lowerCase = percentEncoded.replace(/%../g, (code) => code.toLowerCase());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    percentEncoded,
    lowerCase,
    ...[0, 1, 2].flatMap((before) => base64At(secret, before)),
  ];
}

/** The base64 of the secret after this many other bytes, without the characters that encode those bytes. */
function base64At(secret: string, before: number): readonly string[] {
  const bytes = [...new Uint8Array(before), ...new TextEncoder().encode(secret)];
  const unpadded = withoutTrailing(btoa(String.fromCharCode(...bytes)), "=");
  const base64 = unpadded.slice(before === 0 ? 0 : before + 1);
  return [base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
}

function runsOf(form: string): readonly string[] {
  return Array.from({ length: Math.max(0, form.length - shortestRun + 1) }, (_, at) =>
    form.slice(at, at + shortestRun),
  );
}
