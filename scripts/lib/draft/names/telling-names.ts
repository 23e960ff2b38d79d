const TRUE_OR_FALSE_PREFIX =
  /^(?:is|has|can|may|must|should|was|did|does|allow|allows|enable|enables|use|uses|show|hide)(?:_|[A-Z])/;
const TRUE_OR_FALSE_WORD =
  /(?:^|_|[a-z](?=[A-Z]))(?:enabled|disabled|active|inactive|deleted|archived|visible|hidden|public|private|published|verified|confirmed|approved|completed|done|locked|blocked|banned|admin|flag|read|required|default)$/i;

/** Whether a column's name says that it holds true or false. */
export function saysTrueOrFalse(name: string): boolean {
  return TRUE_OR_FALSE_PREFIX.test(name) || TRUE_OR_FALSE_WORD.test(name);
}
