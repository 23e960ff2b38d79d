import { html, type Html } from './html.ts';

/** A name may be as long as it likes; what is shown of it is not. */
const MAX_NAME = 120;

/** The beginning of a long text, and how long it is; in whole characters. */
export function clip(text: string, most: number): string {
  // A character has at most two code units: what is cut off here would not be shown anyway.
  const characters = Array.from(text.slice(0, 2 * (most + 1)));
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** The name of a table, a column or a file. */
export function name(text: string): Html {
  return html`<bdi class="name">${clip(text, MAX_NAME)}</bdi>`;
}

/** Several names; a dash for none. */
export function names(texts: readonly string[]): Html {
  if (texts.length === 0) return html`–`;
  return html`${texts.map((text, index) => [index === 0 ? '' : ', ', name(text)])}`;
}

/** `12:03:04.567Z` of a time in ISO 8601 */
export function timeOfDay(time: string): string {
  return time.slice(time.indexOf('T') + 1);
}
