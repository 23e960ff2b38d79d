import { describe, expect, it } from 'vitest';
import {
  DATA_FILE_PATTERN,
  artifactFolderName,
  dataFile,
} from '../../../scripts/lib/artifact/paths.ts';

describe('the data file of a table', () => {
  it.each([
    [1, 3, 'users', 'data/001-users.ndjson'],
    [12, 12, 'Order Details', 'data/012-Order_Details.ndjson'],
    [7, 1234, 'users', 'data/0007-users.ndjson'],
    [1, 1, '../../etc/passwd', 'data/001-.._.._etc_passwd.ndjson'],
    [1, 1, 'a\n"b"\\c', 'data/001-a_b_c.ndjson'],
    [1, 1, '表', 'data/001-_.ndjson'],
    [1, 1, '', 'data/001-.ndjson'],
  ])('number %d of %d, %j, is %s', (position, count, table, file) => {
    expect(dataFile(position, count, table)).toBe(file);
    expect(file).toMatch(DATA_FILE_PATTERN);
  });

  it('is cut to what every file system bears', () => {
    expect(dataFile(1, 1, 'x'.repeat(5000)).length).toBeLessThan(110);
  });
});

it.each([
  '/etc/passwd',
  '../001-a.ndjson',
  'data/../../001-a.ndjson',
  'data/001-a/../b.ndjson',
  'data/001-a.ndjson\n',
  'data\\001-a.ndjson',
  'data/001-a.csv',
  'data/01-a.ndjson',
  'data/001-a b.ndjson',
  './data/001-a.ndjson',
  'manifest.json',
])('takes %j for no data file', (path) => {
  expect(path).not.toMatch(DATA_FILE_PATTERN);
});

describe('the folder of a new artifact', () => {
  const time = new Date('2026-01-31T23:59:59.987Z');

  it.each([
    ['vanguard.db', 'vanguard-20260131T235959Z'],
    ['dev.sqlite3', 'dev-20260131T235959Z'],
    ['Shop Data.SQLITE', 'Shop_Data-20260131T235959Z'],
    ['archive.backup', 'archive.backup-20260131T235959Z'],
    ['.db', 'source-20260131T235959Z'],
    ['..hidden.db', 'hidden-20260131T235959Z'],
  ])('of %s is %s', (source, folder) => {
    expect(artifactFolderName(source, time)).toBe(folder);
  });
});
