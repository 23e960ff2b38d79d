import { describe, expect, it } from 'vitest';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { chooseTables, type TableChoice } from '../../../scripts/lib/source/selection.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

const { tables } = introspectSource(
  memoryDatabase(
    'CREATE TABLE users (x); CREATE TABLE Orders (x); CREATE TABLE logs (x); CREATE VIEW v AS SELECT 1',
  ),
);

function choose(choice: TableChoice): { tables: string[]; excluded: string[] } {
  const chosen = chooseTables(tables, choice);
  return {
    tables: chosen.tables.map((table) => table.name),
    excluded: chosen.excluded.map(({ name, kind, reason }) => `${name} ${kind}: ${reason}`),
  };
}

describe('the tables to export', () => {
  it('are all of them unless something is said', () => {
    expect(choose({})).toEqual({ tables: ['Orders', 'logs', 'users'], excluded: [] });
  });

  it('are those named, whatever their case, and the others are listed as left out', () => {
    expect(choose({ tables: ['USERS', 'orders'] })).toEqual({
      tables: ['Orders', 'users'],
      excluded: ['logs excluded: not named by --tables'],
    });
  });

  it('are not those excluded', () => {
    expect(choose({ exclude: ['logs'] })).toEqual({
      tables: ['Orders', 'users'],
      excluded: ['logs excluded: named by --exclude'],
    });
  });

  it('are the named ones without the excluded ones where both are given', () => {
    expect(choose({ tables: ['users', 'logs'], exclude: ['Logs'] })).toEqual({
      tables: ['users'],
      excluded: ['Orders excluded: not named by --tables', 'logs excluded: named by --exclude'],
    });
  });

  it.each([
    [
      { tables: ['user'] },
      '--tables names a table that the source does not have: user',
      'did you mean users?',
    ],
    [
      { exclude: ['orders', 'log'] },
      '--exclude names a table that the source does not have: log',
      'did you mean logs?',
    ],
    [
      { tables: ['invoices'] },
      '--tables names a table that the source does not have: invoices',
      'analyze lists the tables',
    ],
    [
      { tables: ['v'] },
      '--tables names a table that the source does not have: v',
      'analyze lists the tables',
    ],
  ])('cannot be chosen by a name that matches none: %j', (choice, message, hint) => {
    expect(() => choose(choice)).toThrow(expect.objectContaining({ kind: 'usage', message, hint }));
  });
});
