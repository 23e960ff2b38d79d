import { describe, expect, it } from 'vitest';
import { describeLedger } from '../../../scripts/lib/cli/ledger.ts';
import type { LedgerEntry } from '../../../scripts/lib/model/ledger.ts';

const entry: LedgerEntry = {
  table: 'users',
  column: 'mail',
  change: 'lower_case',
  total: 1234,
  examples: [{ rowKey: 'id=1', line: 1 }, { rowKey: 'id=5' }, { line: 9 }, { rowKey: 'id=12' }],
};

describe('the ledger for people', () => {
  it('says what was changed, how often, and where first', () => {
    const rows: LedgerEntry = {
      table: 'logs',
      column: null,
      change: 'where',
      total: 2,
      examples: [{ rowKey: 'id=1' }, { rowKey: 'id=2' }],
    };
    expect(describeLedger([entry, rows], true)).toEqual([
      'the mapping changed or left out:',
      '  users.mail  lower_case  1,234  id=1, id=5, line 9, …',
      '  logs        where           2  id=1, id=2',
    ]);
  });

  it('says what would be changed where nothing was loaded', () => {
    expect(describeLedger([entry], false)[0]).toBe('the mapping would change or leave out:');
  });

  it('is nothing when nothing was changed', () => {
    expect(describeLedger([], true)).toEqual([]);
  });
});
