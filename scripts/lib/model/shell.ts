/** A word of a command line as a person types it: in quotes where a shell would take it for more. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,*-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
