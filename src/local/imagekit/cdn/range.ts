/** The bytes that a `Range` header asks for, both ends included. A header with several ranges is ignored, as it may be. */
export function rangeOf(
  header: string | undefined,
  length: number,
): { readonly first: number; readonly last: number } | "whole" | "unsatisfiable" {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return "whole";
  if (from === "") {
    const count = Number(to);
    return count === 0 ? "unsatisfiable" : { first: Math.max(0, length - count), last: length - 1 };
  }
  const first = Number(from);
  const last = to === "" ? length - 1 : Math.min(Number(to), length - 1);
  if (to !== "" && Number(to) < first) return "whole";
  return first < length ? { first, last } : "unsatisfiable";
}
