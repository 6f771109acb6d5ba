/** Delays `run` until `afterMs` have passed without another call, and passes it the latest arguments. */
export function debounce<Arguments extends readonly unknown[]>(
  afterMs: number,
  run: (...values: Arguments) => void,
): (...values: Arguments) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), afterMs);
  };
}
