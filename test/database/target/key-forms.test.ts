import { beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { keyFormOf } from '../../../scripts/lib/check/key-forms.ts';
import type { TargetColumn } from '../../../scripts/lib/model/target-catalog.ts';
import { introspectTarget } from '../../../scripts/lib/target/introspect.ts';
import { Misfit, type NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { converterFor } from '../../../scripts/lib/value/convert/index.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** By type, values of the source that are near to each other. */
const VALUES: Readonly<Record<string, readonly NonNullValue[]>> = {
  smallint: [1n, 1, '1', -1n, 0n, -0],
  bigint: [9007199254740993n, 9007199254740992n, 9007199254740992, '9007199254740993'],
  numeric: [1n, 1.0, '1.00', '01', '1e0', '0.1e1', 0n, '-0.0', 0.1, '.10', '1e-1', 1e300, '10e299'],
  'numeric(12, 4)': [12.5, '12.5000', '12.50', 12n, -12.5],
  'double precision': [
    0,
    -0,
    1n,
    1,
    '1.0',
    1152921504606846976n,
    2 ** 60,
    0.1,
    '0.10',
    5e-324,
    Infinity,
  ],
  real: [0, -0, 0.5, '0.50', 16777216n, 16777216, '1.6777216e7'],
  boolean: [0n, 1n, 'TRUE', 't', 'Yes', 'false', 'NO'],
  text: ['a', 'A', 'a ', '', ' ', '1', 1n, 'é', 'e\u0301', 'ß', 'ss'],
  'varchar(5)': ['a', 'a ', 'A', ''],
  'char(5)': ['a', 'a ', ' a', 'a\t', '', '   ', 'a\u00a0'],
  citext: [
    'a',
    'A',
    'É',
    'é',
    'ß',
    'SS',
    'ẞ',
    'İ',
    'i',
    'I',
    'ı',
    'Σ',
    'σ',
    'ς',
    'a ',
    'Ǆ',
    'ǆ',
    'ǅ',
  ],
  bytea: [bytes('00'), bytes('0000'), bytes(''), 'a', bytes('61'), 'A'],
  uuid: [
    'C0FFEE00-0000-4000-8000-000000000001',
    '{c0ffee0000004000-8000000000000001}',
    bytes('c0ffee00000040008000000000000001'),
    'c0ffee00-0000-4000-8000-000000000002',
  ],
  date: ['2024-01-01', '2024-01-01T00:00:00Z', '2024-01-02', 1704067200000n],
  timestamp: [
    '2024-01-01',
    '2024-01-01 00:00',
    '2024-01-01T00:00:00.000Z',
    1704067200000n,
    '2024-01-01T01:00:00+01:00',
  ],
  'timestamptz(3)': [
    '2024-01-01',
    '2024-01-01T05:30:00.100+05:30',
    '2024-01-01T00:00:00.1Z',
    1704067200100n,
    '0001-01-01',
  ],
  time: ['10:00', '10:00:00', '10:00:00.000', '10:00:00.001', '24:00', '00:00'],
  timetz: ['10:00Z', '10:00:00+00:00', '11:00+01:00'],
  inet: [
    '10.0.0.1',
    '10.0.0.1/32',
    '10.0.0.1/8',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:10.0.0.1',
    '::FFFF:a00:1',
  ],
  cidr: ['10.0.0.0/8', '10.0.0.0/9', '::/0', '0::/0', '10.0.0.0/32', '10.0.0.0'],
  macaddr: ['08:00:2b:01:02:03', '08-00-2B-01-02-03', '08002b010203', '08:00:2b:01:02:04'],
  interval: ['P1D', 'PT24H', 'P1M', 'P30D'],
  jsonb: ['{"a":1.0}', '{"a":1}', '{ "a" : 1 }', '1', '1.00'],
  mood: ['sad', 'glad'],
  'integer[]': ['[1,2]', '[1, 2]', '[1]', '[]', '[null]', '[[1],[2]]'],
  'text[]': ['["a","b"]', '["a,b"]', '["a", "b"]', '["NULL"]', '[null]', '[""]', '["\\""]'],
  'numeric[]': ['[1.0]', '[1]', '[1.00, 2]'],
};

const LEFT_TO_POSTGRES = ['interval', 'jsonb', 'timetz', 'numeric[]', 'loose'];

let database: TestDatabase;
let columns: ReadonlyMap<string, TargetColumn>;

beforeAll(async () => {
  database = await createTestDatabase();
  const types = Object.keys(VALUES);
  await database.query(`CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad', 'glad');
    CREATE DOMAIN price AS numeric(12, 4);
    CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE t (${types.map((type, index) => `c${index} ${type}`).join(', ')}, price price, loose text COLLATE loose)`);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { tables } = await introspectTarget(client, 'public');
  await client.end();
  const found = new Map((tables[0]?.columns ?? []).map((column) => [column.name, column]));
  columns = new Map(
    [
      ...types.map((type, index) => [type, `c${index}`] as const),
      ['price', 'price'],
      ['loose', 'loose'],
    ].map(([type = '', name = '']) => {
      const column = found.get(name);
      if (column === undefined) throw new Error(`no column ${name}`);
      return [type, column];
    }),
  );
});

function columnOf(type: string): TargetColumn {
  const column = columns.get(type);
  if (column === undefined) throw new Error(`no column of type ${type}`);
  return column;
}

/** What the converter writes for the values that fit. */
function convertedTexts(type: string, values: readonly NonNullValue[]): string[] {
  const convert = converterFor(columnOf(type).type, {
    timeUnit: 'ms',
    readsNumericText: false,
    timeZone: 'UTC',
    dateFormat: null,
    sourceEncoding: 'UTF-8',
    serverVersion: 180_000,
  });
  if (convert === undefined) throw new Error(`no converter for ${type}`);
  return values.map(convert).flatMap((text) => (text instanceof Misfit ? [] : [text]));
}

const pairs = (items: readonly string[], isEqual: (a: number, b: number) => boolean): string[] =>
  items.flatMap((a, i) => items.flatMap((b, j) => (isEqual(i, j) ? [`${a} = ${b}`] : [])));

describe('two values have one form exactly when PostgreSQL calls them equal:', () => {
  const judged = Object.keys(VALUES).filter((type) => !LEFT_TO_POSTGRES.includes(type));

  it.each(judged)('%s', async (type) => {
    const texts = convertedTexts(type, VALUES[type] ?? []);
    expect(texts.length).toBeGreaterThan(1);
    const form = keyFormOf(columnOf(type));
    if (form === null) throw new Error('it has no form');
    const asked = await database.query<{ text: string; form: string; same: number[] }>(
      `WITH given AS (SELECT v, i::integer AS i, v::${type} AS typed FROM unnest($1::text[]) WITH ORDINALITY AS u (v, i))
       SELECT v AS text, ${form.askSql ?? 'v'} AS form,
         ARRAY(SELECT b.i - 1 FROM given AS b WHERE b.typed = a.typed) AS same
       FROM given AS a ORDER BY i`,
      [texts],
    );
    const forms = asked.map((row) => form.of(row.form));
    expect(pairs(texts, (i, j) => forms[i] === forms[j])).toEqual(
      pairs(texts, (i, j) => asked[i]?.same.includes(j) === true),
    );
  });
});

it.each(LEFT_TO_POSTGRES)('%s is left to PostgreSQL', (type) => {
  expect(keyFormOf(columnOf(type))).toBeNull();
});

it('a domain compares as the type under it', () => {
  expect(keyFormOf(columnOf('price'))).toEqual(keyFormOf(columnOf('numeric(12, 4)')));
});

const family = (type: string): string | undefined => keyFormOf(columnOf(type))?.family;

it('integers of all sizes and numeric compare with each other, text with double precision does not', () => {
  expect(family('smallint')).toBe(family('bigint'));
  expect(family('numeric')).toBe(family('bigint'));
  expect(family('text')).toBe(family('varchar(5)'));
  const families = ['bigint', 'double precision', 'text', 'citext', 'char(5)', 'uuid', 'mood'].map(
    family,
  );
  expect(new Set(families).size).toBe(families.length);
});
