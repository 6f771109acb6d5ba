/** The first number from `from` on for which a condition holds, up to `to`, given that it holds from there on. */
export function firstBetween(from: number, to: number, holds: (index: number) => boolean): number {
  let below = from;
  let above = to;
  while (below < above) {
    const middle = (below + above) >>> 1;
    if (holds(middle)) above = middle;
    else below = middle + 1;
  }
  return below;
}
