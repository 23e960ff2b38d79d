import { expect, it } from 'vitest';
import { Ledger, ledgerEntrySchema } from '../../../scripts/lib/model/ledger.ts';

it('counts by table, column and change, and keeps the first 20 examples', () => {
  const ledger = new Ledger();
  for (let line = 1; line <= 50; line++) ledger.add('users', 'name', 'trim', { line });
  ledger.add('users', 'name', 'round', { line: 7, rowKey: 'id=7' });
  ledger.add('logs', 'name', 'trim', { line: 1 });
  const entries = ledger.list();
  expect(entries.map(({ table, column, change, total }) => [table, column, change, total])).toEqual(
    [
      ['users', 'name', 'trim', 50],
      ['users', 'name', 'round', 1],
      ['logs', 'name', 'trim', 1],
    ],
  );
  expect(entries[0]?.examples.map(({ line }) => line)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  for (const entry of entries) expect(ledgerEntrySchema.parse(entry)).toEqual(entry);
});

it('counts the rows that are left out of each table', () => {
  const ledger = new Ledger();
  ledger.add('a', null, 'where', {});
  ledger.add('a', null, 'where', {});
  ledger.add('a', 'x', 'skip_row', {});
  ledger.add('a', 'y', 'skip_row', {});
  ledger.add('a', 'x', 'null', {});
  ledger.add('b', 'x', 'skip_row', {});
  expect(['a', 'b', 'c'].map((table) => ledger.rowsLeftOut(table))).toEqual([4, 1, 0]);
});

it('takes a table and a column of any name', () => {
  const ledger = new Ledger();
  ledger.add('a', 'b","c', 'trim', {});
  ledger.add('a","b', 'c', 'trim', {});
  expect(ledger.list()).toHaveLength(2);
});
