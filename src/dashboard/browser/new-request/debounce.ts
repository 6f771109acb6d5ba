/** A function that runs once it has not been called for so long, with what it was last called with. */
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
