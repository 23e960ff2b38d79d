/** `12:00:00.500000+00` as PostgreSQL writes it: `12:00:00.5+00`. */
export function withoutEndingZeros(text: string): string {
  return text.includes('.') ? text.replace(/(\.\d*?)0+(?!\d)/, '$1') : text;
}

/** The same, and the offset without minutes and seconds that are zero. */
export function zonedTimeText(text: string): string {
  const [, time = '', offset = ''] = /^(.*)([-+].*)$/.exec(text) ?? [];
  return withoutEndingZeros(time) + offset.replace(/(?::00){1,2}$/, '');
}
