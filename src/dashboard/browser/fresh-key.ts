/** A key for a form, of the shape that the server gives one: a new submission needs a new key. */
export function freshKey(): string {
  const digits = crypto.getRandomValues(new Uint8Array(26));
  return `o_${Array.from(digits, (digit) => (digit % 32).toString(32)).join("")}`;
}
