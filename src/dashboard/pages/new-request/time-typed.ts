/** A time as a field takes it. The script sends it with its zone, which the field does not accept. */
export function timeTyped(time: string): string {
  const at = /Z$/.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 16);
}
