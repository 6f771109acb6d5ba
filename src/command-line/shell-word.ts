/** A word as one can paste it into a shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith("#")
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}
