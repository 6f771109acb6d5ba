/**
 * The text without such of `characters` as stand at its end. A regular expression for it, such as `/\/+$/`, looks
 * again at each character of every run that does not end the text: its time is the square of the run's length.
 */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
