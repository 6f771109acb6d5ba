/** `1,000`; negative numbers with a true minus sign. */
export function count(amount: number): string {
  return Math.round(amount).toLocaleString("en").replace("-", "−");
}

/** `1 unit`, `12 units`. */
export function countUnits(amount: number): string {
  return `${count(amount)} ${Math.round(amount) === 1 ? "unit" : "units"}`;
}

/** `23.4`, to one decimal place; `less than 0.1` instead of 0. */
export function average(amount: number): string {
  if (amount > 0 && amount < 0.05) return "less than 0.1";
  return amount.toLocaleString("en", { maximumFractionDigits: 1 });
}

/** A share as an SVG length: `12.5%`. */
export function percent(part: number, whole: number): string {
  return `${Number(((100 * part) / whole).toFixed(3))}%`;
}
