/** The longest beginning that several of the sorted texts share. */
export type Branch = {
  /** How many characters it has. */
  readonly length: number;
  /** The texts that begin with it: their first index, and the index after their last one. */
  readonly from: number;
  readonly to: number;
  /** The branches right below. Texts that are in none of them are leaves. */
  readonly branches: readonly Branch[];
};

type OpenBranch = { readonly length: number; readonly from: number; readonly branches: Branch[] };

/**
 * The compressed tree of sorted texts without its leaves, from the branch that all texts in a range have in common;
 * undefined if there are fewer than two. `common` has for each text what it shares with the one before.
 */
export function branchesOf(
  common: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): Branch | undefined {
  const open: OpenBranch[] = [];
  let closed: Branch | undefined;
  for (let at = from + 1; at <= to; at += 1) {
    const shared = at < to ? (common[at] ?? 0) : -1;
    let first = at - 1;
    closed = undefined;
    for (let top = open.at(-1); top !== undefined && top.length > shared; top = open.at(-1)) {
      open.pop();
      closed = { ...top, to: at };
      first = top.from;
      const parent = open.at(-1);
      if (parent !== undefined && parent.length >= shared) {
        parent.branches.push(closed);
        closed = undefined;
      }
    }
    if (shared >= 0 && (open.at(-1)?.length ?? -1) < shared) {
      open.push({ length: shared, from: first, branches: closed === undefined ? [] : [closed] });
    }
  }
  return closed;
}

/** How many characters each of the sorted texts shares with the one before it. Reads all texts once. */
export function commonLengths(texts: readonly string[]): readonly number[] {
  return texts.map((text, index) => {
    const before = texts[index - 1] ?? "";
    const shorter = Math.min(text.length, before.length);
    let length = 0;
    while (length < shorter && text.charCodeAt(length) === before.charCodeAt(length)) length += 1;
    return length;
  });
}
