import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compareInProcess } from '../../support/comparison.ts';
import { createLoadedScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { SOURCE, TARGET } from './every-type.ts';

const folder = temporaryFolder();
let scenario: Scenario;
let names: string;

beforeAll(async () => {
  scenario = await createLoadedScenario(folder, { source: SOURCE, target: TARGET });
  await scenario.rows('CREATE SCHEMA kept; CREATE TABLE kept.items AS TABLE items');
  const rows = await scenario.rows(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS names FROM pg_attribute
     WHERE attrelid = 'public.items'::regclass AND attnum > 0 AND attgenerated = ''`,
  );
  names = String(rows[0]?.['names']);
});

afterEach(async () => {
  await scenario.rows(
    `TRUNCATE public.items; INSERT INTO public.items (${names}) SELECT ${names} FROM kept.items`,
  );
});

async function differencesAfter(sql: string): Promise<readonly string[]> {
  await scenario.rows(sql);
  const { differences, exitCode, table } = await compareInProcess(scenario.artifact, scenario.url);
  const { digest } = table('items');
  expect(digest?.archive === digest?.target).toBe(differences.length === 0);
  expect(exitCode).toBe(differences.length === 0 ? 0 : 3);
  return differences;
}

it('a table that holds what was loaded shows no difference', async () => {
  const { comparison, findings, exitCode } = await compareInProcess(
    scenario.artifact,
    scenario.url,
  );
  expect(exitCode).toBe(0);
  expect(findings).toEqual([]);
  expect(comparison.totalRows).toBe(4);
  expect(comparison.tables).toMatchObject([
    { target: 'items', key: ['id'], rowsEqual: 4, rowsOfArchive: 4, rowsOfTarget: 4 },
  ]);
  expect(comparison.tables[0]?.columns).toContain('doubled');
});

/** What is done to the row -3, and the column that must be named. */
const CHANGES: readonly (readonly [title: string, set: string, column: string])[] = [
  ['a bigint beyond 2^53 by one', 'i = i + 1', 'i, doubled'],
  ['a numeric', 'n = 1.11', 'n'],
  ['a numeric domain', 'p = 1.11', 'p'],
  ['a double by one bit', 'd = 0.10000000000000002', 'd'],
  ['a double to NaN', "d = 'NaN'", 'd'],
  ['a float by one bit', 'f = 0.50000006', 'f'],
  ['a boolean', 'b = false', 'b'],
  ['1.10 to 1.1 in text', "s = '1.1'", 's'],
  ['case in text', "v = 'word'", 'v'],
  ['case in citext', "ci = 'word'", 'ci'],
  ['a trailing blank in text', "s = s || ' '", 's'],
  ['a trailing blank in varchar', "v = v || ' '", 'v'],
  ['a char', "c = 'ab c'", 'c'],
  ['an enum', "e = 'Happy'", 'e'],
  ['a byte', String.raw`raw = '\x00fe'`, 'raw'],
  ['a uuid', "u = '0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d12'", 'u'],
  ['a microsecond in timestamp', "ts = ts + interval '1 microsecond'", 'ts'],
  ['a timestamp to infinity', "ts = 'infinity'", 'ts'],
  ['a millisecond in timestamptz', "tz = tz - interval '1 millisecond'", 'tz'],
  ['a day', 'da = da + 1', 'da'],
  ['a microsecond in time', "ti = ti + interval '1 microsecond'", 'ti'],
  ['the zone of a timetz at the same moment', "tt = '07:00:00+00'", 'tt'],
  ['an interval to one that PostgreSQL calls equal', "iv = '32 days 3.5 seconds'", 'iv'],
  ['white space in json', `j = '{"a":1, "b": 2}'`, 'j'],
  ['a number in jsonb', `jb = '{"a":1.51,"b":2,"list":[1,"1.50"]}'`, 'jb'],
  ['1.50 to 1.5 in a string of jsonb', `jb = '{"a":1.50,"b":2,"list":[1,"1.5"]}'`, 'jb'],
  ['an address', "ip = '10.0.0.1/24'", 'ip'],
  ['a network', "net = '10.0.0.0/9'", 'net'],
  ['a MAC address', "mac = '08:00:2b:01:02:04'", 'mac'],
  ['an element of an array', 'ta = \'{a," ",NULL}\'', 'ta'],
  ['NULL in an array to its word', 'ta = \'{a,"","NULL"}\'', 'ta'],
  ['an element of a numeric array', 'na = ARRAY[1.1, 2.0001]', 'na'],
  ['the bounds of an array', "na = '[0:1]={1.1,2}'", 'na'],
  ['a sign of zero in an array', "fa = '{0.1,0}'", 'fa'],
  ['JSON null in an array to NULL', `ja = ARRAY['{"x":1.1}'::jsonb, NULL]`, 'ja'],
  ['a value to NULL', 's = NULL', 's'],
  ['several columns', "s = 'x', b = NULL, da = NULL", 'b, s, da'],
];

describe('a change of one value is found and named', () => {
  it.each(CHANGES)('%s', async (_, set, column) => {
    const differences = await differencesAfter(`UPDATE items SET ${set} WHERE id = -3`);
    expect(differences).toEqual([`items different id=-3: ${column}`]);
  });

  it('NULL to the empty string', async () => {
    const differences = await differencesAfter(`UPDATE items SET s = '' WHERE id = 9`);
    expect(differences).toEqual(['items different id=9: s']);
  });

  it('the sign of zero in a double', async () => {
    const differences = await differencesAfter(`UPDATE items SET d = '-0' WHERE id = 2`);
    expect(differences).toEqual(['items different id=2: d']);
  });

  it('two values that change their places', async () => {
    const differences = await differencesAfter(
      `UPDATE items AS a SET s = b.s FROM items AS b WHERE (a.id, b.id) IN ((2, 5), (5, 2))`,
    );
    expect(differences).toEqual(['items different id=2: s', 'items different id=5: s']);
  });
});

/** Values that PostgreSQL itself compares as one. */
const EQUALS: readonly (readonly [title: string, set: string])[] = [
  ['1.10 to 1.1 in numeric', 'n = 1.1'],
  ['1.10 to 1.1000 in numeric', 'n = 1.1000'],
  ['the order of keys in jsonb', `jb = '{"list":[1,"1.50"],"a":1.50,"b":2}'`],
  ['1.50 to 1.5 in jsonb', `jb = '{"a":1.5,"b":2.0,"list":[1.000,"1.50"]}'`],
  ['duplicate keys in jsonb, the last one right', `jb = '{"a":9,"a":1.5,"b":2,"list":[1,"1.50"]}'`],
  ['trailing blanks in char', "c = 'ab    '"],
  ['an array of the same numbers', 'na = ARRAY[1.1, 2.00]'],
  ['jsonb of the same numbers in an array', `ja = ARRAY['{"x":1.1}', 'null']::jsonb[]`],
  [
    'another spelling of an interval',
    "iv = '1 month 48 hours 3.5 seconds'::interval - '48 hours' + '2 days'",
  ],
  ['the row itself, written anew', 'i = i'],
];

it.each(EQUALS)('no difference: %s', async (_, set) => {
  expect(await differencesAfter(`UPDATE items SET ${set} WHERE id = -3`)).toEqual([]);
});

it('a deleted row is missing', async () => {
  const differences = await differencesAfter('DELETE FROM items WHERE id IN (-3, 9)');
  expect(differences).toEqual(['items missing id=-3', 'items missing id=9']);
});

it('a row more is extra, wherever its key stands', async () => {
  const differences = await differencesAfter(
    'INSERT INTO items (id) VALUES (-2147483648), (3), (2147483647)',
  );
  expect(differences).toEqual([
    'items extra id=-2147483648',
    'items extra id=3',
    'items extra id=2147483647',
  ]);
});

it('a row under another key is missing and extra', async () => {
  const differences = await differencesAfter('UPDATE items SET id = 4 WHERE id = 5');
  expect(differences).toEqual(['items extra id=4', 'items missing id=5']);
});

it('an emptied table misses every row', async () => {
  const differences = await differencesAfter('TRUNCATE items');
  expect(differences).toHaveLength(4);
});

it('counts are exact and examples are the first twenty of each kind', async () => {
  await scenario.rows(`INSERT INTO items (id) SELECT i FROM generate_series(100, 199) AS i;
    UPDATE items SET s = 'changed' WHERE id = 5`);
  const { table, findings } = await compareInProcess(scenario.artifact, scenario.url);
  expect(table('items')).toMatchObject({
    rowsEqual: 3,
    rowsExtra: 100,
    rowsDifferent: 1,
    rowsOfTarget: 104,
  });
  expect(table('items').differences).toHaveLength(21);
  expect(findings.map(({ code, total, examples }) => [code, total, examples.length])).toEqual([
    ['row-different', 1, 1],
    ['row-extra', 100, 20],
  ]);
});

describe('the values of a difference', () => {
  it('are hashes and lengths unless they are asked for', async () => {
    await scenario.rows(`UPDATE items SET s = 'secret', d = 0.25, b = NULL WHERE id = -3`);
    const { table, findings } = await compareInProcess(scenario.artifact, scenario.url);
    const [difference] = table('items').differences;
    expect(difference?.line).toBe(1);
    expect(difference?.columns.find(({ column }) => column === 's')).toEqual({
      column: 's',
      archive: { sha256: 'aa672d37ec3c', length: 4 },
      target: { sha256: '2bb80d537b1d', length: 6 },
    });
    expect(JSON.stringify([difference, findings])).not.toMatch(/secret|0\.25/);
    expect(findings[0]?.examples[0]?.detail).toContain('b is NULL and was 1 byte (SHA-256');
  });

  it('stand in the report and in the findings with showValues', async () => {
    await scenario.rows(`UPDATE items SET s = 'secret', d = 0.25, b = NULL WHERE id = -3`);
    const { findings } = await compareInProcess(scenario.artifact, scenario.url, {
      showValues: true,
    });
    expect(findings[0]?.examples).toEqual([
      {
        rowKey: 'id=-3',
        line: 1,
        detail: 'd is "0.25" and was "0.1"; b is NULL and was "t"; s is "secret" and was "1.10"',
      },
    ]);
  });
});
