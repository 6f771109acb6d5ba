import { maskSignature } from "../../rules/signed-url.ts";
import { Time } from "./time.tsx";

const isoTime = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)/;

/** A text whose ISO times (as `toIsoTime` writes them) are shown as the page shows times. */
export function TimedText({ text }: { readonly text: string }) {
  return (
    <>
      {maskSignature(text)
        .split(isoTime)
        .map((part, index) => (index % 2 === 1 && isDate(part) ? <Time at={Date.parse(part)} /> : part))}
    </>
  );
}

function isDate(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
