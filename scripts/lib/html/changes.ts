import { formatCount, formatPlural } from '../cli/format.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import type { NotCarried } from '../model/source-catalog.ts';
import { html, nothing, type Html } from './html.ts';
import type { Section } from './page.ts';
import { countCell, isLong, renderTable } from './table.ts';
import { clip, name } from './text.ts';

const MAX_TEXT = 300;
/** More entries are only counted. */
const MAX_ENTRIES = 1000;

/** What the mapping changed or left out on purpose; null when nothing. */
export function ledgerSection(ledger: readonly LedgerEntry[]): Section | null {
  if (ledger.length === 0) return null;
  const shown = ledger.slice(0, MAX_ENTRIES);
  return {
    id: 'ledger',
    title: 'What the mapping changes',
    isLong: isLong(shown),
    body: html`${restNote(ledger.length - shown.length)}${renderTable({
      caption: 'Values and rows that the mapping changes or leaves out on purpose',
      columns: [
        { title: 'Table' },
        { title: 'Column' },
        { title: 'Change' },
        { title: 'Times', isNumber: true },
      ],
      rows: shown.map(({ table, column, change, total }) => [
        name(table),
        column === null ? '(whole rows)' : name(column),
        change,
        countCell(total),
      ]),
    })}`,
  };
}

/** What the artifact leaves out, and why; null when nothing. */
export function notCarriedSection(notCarried: readonly NotCarried[]): Section | null {
  if (notCarried.length === 0) return null;
  const shown = notCarried.slice(0, MAX_ENTRIES);
  return {
    id: 'not-carried',
    title: 'What is not carried',
    isLong: isLong(shown),
    body: html`${restNote(notCarried.length - shown.length)}${renderTable({
      caption: formatPlural(notCarried.length, 'object'),
      columns: [{ title: 'Name' }, { title: 'Kind' }, { title: 'Why' }],
      rows: shown.map((object) => [name(object.name), object.kind, clip(object.reason, MAX_TEXT)]),
    })}`,
  };
}

function restNote(rest: number): Html {
  return rest === 0
    ? nothing
    : html`<p class="note">${formatCount(rest)} more are in the JSON report.</p> `;
}
