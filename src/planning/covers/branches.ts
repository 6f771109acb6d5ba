/** A text that several of the sorted texts begin with, and after which they part. */
export type Branch = {
  /** How long that text is. */
  readonly length: number;
  /** Which texts begin with it: from this index, up to but without that one. */
  readonly from: number;
  readonly to: number;
  /** The branches right below. What is in none of them is a text of its own. */
  readonly branches: readonly Branch[];
};

type OpenBranch = { readonly length: number; readonly from: number; readonly branches: Branch[] };

/**
 * The compressed tree of sorted texts without its leaves, from the branch that all have in common; undefined if there
 * are fewer than two. Each text is compared with its neighbour only, so the cost is that of reading all texts once.
 */
export function branchesOf(
  texts: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
) {
  const open: OpenBranch[] = [];
  let closed: Branch | undefined;
  for (let at = from + 1; at <= to; at += 1) {
    const common = at < to ? commonLength(texts[at - 1] ?? "", texts[at] ?? "") : -1;
    let first = at - 1;
    closed = undefined;
    for (let top = open.at(-1); top !== undefined && top.length > common; top = open.at(-1)) {
      open.pop();
      closed = { ...top, to: at };
      first = top.from;
      const parent = open.at(-1);
      if (parent !== undefined && parent.length >= common) {
        parent.branches.push(closed);
        closed = undefined;
      }
    }
    if (common >= 0 && (open.at(-1)?.length ?? -1) < common) {
      open.push({ length: common, from: first, branches: closed === undefined ? [] : [closed] });
    }
  }
  return closed;
}

function commonLength(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let length = 0;
  while (length < shorter && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}
