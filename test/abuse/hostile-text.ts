import fc from "fast-check";
import { isEverythingRun } from "../support/property-runs.ts";

/** What is repeated: what parsers split at, quote with, trim and escape, and beginnings of what they look for. */
const atoms = [
  ...[" ", "\t", "\u00a0", "\n", "\r\n", "\n ", ".", ",", ";", ":", '"', "'", '""', '",', "\\", '\\"'],
  ...[
    "(",
    "<",
    "<a",
    "[",
    "[](",
    "{",
    "/",
    "//",
    "/.",
    "/../",
    "\\/",
    "*",
    "#",
    "@",
    "?",
    "&",
    "=",
    "-",
    "0",
  ],
  ...[
    "%",
    "%2",
    "%25",
    "%2525",
    "25",
    "%2e",
    "%2f",
    "%20",
    "%zz",
    "a",
    "a.",
    "a,",
    "a=",
    "a;",
    " ;",
    "wait=1,",
    ",w-1",
    "1,",
  ],
  ...["https://", "/tr:", "/tr:,", "?tr=", "?tr=,", "&tr=", "tr=w-1,", "ik-s=", "&ik-s=", "%69k-s=", "&amp;"],
  ...["pd_", "-pd_", "-private_", "command was", ", ", "\u00e9", "e\u0301", "\u200d", "\u{1f1e9}", "\ud800"],
  ...[".jpg,", ".jpg%", "a\n", "https://ik.imagekit.io/demo/a.jpg\n", "https://ik.imagekit.io/demo/a,"],
] as const;

/** A text of a length that is a start, then repetitions, then an end. */
export type Pumped = { readonly before: string; readonly fragment: string; readonly after: string };

export function pump({ before, fragment, after }: Pumped, length: number): string {
  const room = Math.max(0, length - before.length - after.length);
  return before + fragment.repeat(Math.ceil(room / fragment.length)).slice(0, room) + after;
}

/**
 * Every atom behind no start and behind some of the starts, each start with as many atoms; before an end that what takes in the
 * atom does not take. In `npm test` behind one start, always the same; in a whole run behind two, which are others in the next.
 */
export function everyPumped(starts: readonly string[]): readonly Pumped[] {
  const [count, turn] = isEverythingRun() ? [2, turnOfRun] : [1, 0];
  return atoms.flatMap((fragment, at) => {
    const from = (at + turn) % starts.length;
    const chosen = [...starts.slice(from), ...starts.slice(0, from)].slice(0, count);
    return ["", ...chosen].map((before) => ({ before, fragment, after: '""z' }));
  });
}

/** A test names the text on which it fails, so the turn need not be known again. */
const turnOfRun = Math.floor(Math.random() * 1_000);

/** Also several atoms in turn, and repetitions in repetitions. */
export function anyPumped(starts: readonly string[]): fc.Arbitrary<Pumped> {
  const atom = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...atoms) },
    fc.string({ minLength: 1, maxLength: 4 }),
  );
  const several = fc.array(atom, { minLength: 1, maxLength: 4 }).map((each) => each.join(""));
  const nested = fc
    .tuple(atom, fc.integer({ min: 2, max: 500 }), atom)
    .map(([inner, times, outer]) => inner.repeat(times) + outer);
  return fc.record({
    before: fc.constantFrom("", ...starts),
    fragment: fc.oneof(several, nested),
    after: fc.oneof(fc.constantFrom("", "z", '""z', "*", "\n"), atom),
  });
}
