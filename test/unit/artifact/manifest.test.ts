import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../../scripts/lib/artifact/manifest.ts';
import { manifestOf, manifestTable } from '../../support/catalogs.ts';

const sound = manifestOf([manifestTable('users', ['id'])]);

/** The paths at which a manifest with these parts exchanged is refused. */
function faultsOf(change: Record<string, unknown>): string[] {
  const result = manifestSchema.safeParse({ ...sound, ...change });
  const issues = result.success ? [] : result.error.issues;
  return [...new Set(issues.map((issue) => issue.path.join('.')))];
}

function faultsOfTable(change: Record<string, unknown>): string[] {
  return faultsOf({ tables: [{ ...sound.tables[0], ...change }] });
}

it('is taken as it is written', () => {
  expect(manifestSchema.parse(JSON.parse(JSON.stringify(sound)))).toEqual(sound);
});

it('may hold fields that a later version of the toolkit adds', () => {
  const later = { ...sound, notes: 'x', source: { ...sound.source, pageCount: 2 } };
  expect(manifestSchema.parse(later)).toEqual(sound);
});

describe('a table is refused', () => {
  it.each([
    ['with a file outside of data', { file: '../users.ndjson' }, 'tables.0.file'],
    ['with an absolute file', { file: '/data/001-users.ndjson' }, 'tables.0.file'],
    ['with a file in a folder below data', { file: 'data/x/001-users.ndjson' }, 'tables.0.file'],
    ['with a negative row count', { rowCount: -1 }, 'tables.0.rowCount'],
    ['with a row count that is no whole number', { rowCount: 1.5 }, 'tables.0.rowCount'],
    ['with a row count that a double rounds', { rowCount: 2 ** 53 }, 'tables.0.rowCount'],
    ['with a row count as text', { rowCount: '1' }, 'tables.0.rowCount'],
    ['with a checksum in capitals', { sha256: 'A'.repeat(64) }, 'tables.0.sha256'],
    ['with a short checksum', { sha256: 'a'.repeat(63) }, 'tables.0.sha256'],
    ['without columns', { columns: [] }, 'tables.0.columns'],
    ['without a name', { name: undefined }, 'tables.0.name'],
    ['at place 0', { order: 0 }, 'tables.0.order'],
    ['with a mark that is a number', { autoincrementMark: 5 }, 'tables.0.autoincrementMark'],
    ['with a mark in another spelling', { autoincrementMark: '05' }, 'tables.0.autoincrementMark'],
    [
      'with a unique key over no column',
      { uniqueKeys: [{ origin: 'unique', columns: [] }] },
      'tables.0.uniqueKeys.0.columns',
    ],
  ])('%s', (_, change, path) => {
    expect(faultsOfTable(change)).toEqual([path]);
  });
});

it('may hold a migration history in the form of a table, at place 0', () => {
  const migrationHistory = { ...sound.tables[0], name: '_prisma_migrations', order: 0 };
  expect(faultsOf({ migrationHistory })).toEqual([]);
  expect(faultsOf({ migrationHistory: { ...migrationHistory, order: 1 } })).toEqual([
    'migrationHistory.order',
  ]);
});

it.each([
  ['another format', { format: 'tar' }, 'format'],
  ['another format version', { formatVersion: 2 }, 'formatVersion'],
  ['a format version as text', { formatVersion: '1' }, 'formatVersion'],
  ['a creation time without a zone', { createdAt: '2026-01-31T23:59:59' }, 'createdAt'],
  [
    'an encoding that SQLite does not have',
    { source: { ...sound.source, encoding: 'latin1' } },
    'source.encoding',
  ],
  ['a schema elsewhere', { schema: { ...sound.schema, file: '../schema.sql' } }, 'schema.file'],
  [
    'something left out for no known reason',
    { notCarried: [{ name: 'x', kind: 'lost', reason: '' }] },
    'notCarried.0.kind',
  ],
])('is refused with %s', (_, change, path) => {
  expect(faultsOf(change)).toEqual([path]);
});

it('takes the mark 9223372036854775807', () => {
  expect(faultsOfTable({ autoincrementMark: '9223372036854775807' })).toEqual([]);
});
