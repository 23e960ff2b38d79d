import type { LedgerEntry } from '../model/ledger.ts';
import { formatColumns, formatCount } from './format.ts';

const MAX_SHOWN = 3;

function isConflict({ change }: LedgerEntry): boolean {
  return change.startsWith('conflict_');
}

function who(ledger: readonly LedgerEntry[]): string {
  if (!ledger.some(isConflict)) return 'the mapping';
  return ledger.every(isConflict) ? '--on-conflict' : 'the mapping and --on-conflict';
}

/**
 * What the mapping changed on purpose, for people; nothing when it changed nothing.
 *
 * @param isDone the rows were loaded; else it would change them
 */
export function describeLedger(ledger: readonly LedgerEntry[], isDone: boolean): string[] {
  if (ledger.length === 0) return [];
  const rows = ledger.map(({ table, column, change, total, examples }) => {
    const keys = examples
      .slice(0, MAX_SHOWN)
      .map((example) => example.rowKey ?? `line ${example.line ?? '?'}`);
    const more = total > keys.length ? ', …' : '';
    return [
      `  ${column === null ? table : `${table}.${column}`}`,
      change,
      formatCount(total),
      `${keys.join(', ')}${more}`,
    ];
  });
  const title = isDone
    ? `${who(ledger)} changed or left out:`
    : `${who(ledger)} would change or leave out:`;
  return [title, ...formatColumns(rows, new Set([2]))];
}
