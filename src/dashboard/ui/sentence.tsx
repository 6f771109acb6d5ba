import type { EpochMs } from "../../domain/time.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { visibleText } from "../../rules/visible-text.ts";
import { Time } from "./time.tsx";

/** A sentence with times in it, each shown in the reader's zone. */
export type SentenceParts = readonly (string | Moment)[];

type Moment = { readonly word: "at" | "by" | "until"; readonly at: EpochMs };

export function at(moment: EpochMs): Moment {
  return { word: "at", at: moment };
}

export function by(moment: EpochMs): Moment {
  return { word: "by", at: moment };
}

export function until(moment: EpochMs): Moment {
  return { word: "until", at: moment };
}

/** Within this, the time of day is enough; beyond, the date is needed. */
const nearMs = 12 * 3_600_000;

/** Renders a sentence. A time close to `now`, or to the previous time, is shown without its date. */
export function Sentence({ parts, now }: { readonly parts: SentenceParts; readonly now: EpochMs }) {
  let last = now;
  return (
    <>
      {parts.map((piece) => {
        if (typeof piece === "string") return piece;
        const isNear = isNearTo(piece.at, last);
        last = piece.at;
        return (
          <>
            {piece.word === "at" && !isNear ? "on" : piece.word}{" "}
            <Time at={piece.at} show={isNear ? "clock" : "moment"} />
          </>
        );
      })}
    </>
  );
}

export function isNearTo(one: EpochMs, other: EpochMs): boolean {
  return Math.abs(one - other) < nearMs;
}

const isoTime = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)/;

/** A text whose ISO times (as `toIsoTime` writes them) are shown in the reader's zone. */
export function TimedText({ text }: { readonly text: string }) {
  return (
    <>
      {visibleText(maskSignature(text))
        .split(isoTime)
        .map((part, index) => (index % 2 === 1 && isDate(part) ? <Time at={Date.parse(part)} /> : part))}
    </>
  );
}

function isDate(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
