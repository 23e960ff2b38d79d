import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { ARRAYS, DOCUMENTS } from './exact-json.ts';
import { NUMBERS, TEXTS } from './exact-scalars.ts';
import { TIMES } from './exact-times.ts';

const SETTINGS = {
  timezone: 'Pacific/Apia',
  datestyle: 'German, DMY',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-5',
};
const MACHINE = { TZ: 'America/New_York', PGTZ: 'Asia/Kolkata' };
const before = { TZ: process.env['TZ'], PGTZ: process.env['PGTZ'] };

let client: pg.Client;

beforeAll(async () => {
  Object.assign(process.env, MACHINE);
  const database = await createTestDatabase();
  for (const [name, value] of Object.entries(SETTINGS)) {
    await database.query(`ALTER DATABASE ${database.name} SET ${name} = '${value}'`);
  }
  await database.query(`
    CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"', 'Happy');
    CREATE DOMAIN price AS numeric(10, 2) CHECK (VALUE > 0);
    CREATE DOMAIN prices AS price[];
    CREATE DOMAIN code AS varchar(3)`);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

it('the session has the settings of the server and the machine, not those of the toolkit', async () => {
  for (const [name, value] of Object.entries(SETTINGS)) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`);
    expect(Object.values(rows[0] ?? {})).toEqual([value]);
  }
  expect(new Date(0).getHours()).toBe(19);
});

describe.each([...NUMBERS, ...TEXTS, ...TIMES, ...DOCUMENTS, ...ARRAYS])(
  'a column of the type $type',
  ({ type, read, context, cases }) => {
    it('holds each value exactly, or the value is refused', async () => {
      const options = { type, read, ...(context === undefined ? {} : { context }) };
      const column = await createTargetColumn(client, options);
      const held = await column.held(cases.map(([value]) => value));
      expect(cases.map(([value], index) => [value, held[index]])).toEqual(cases);
    });
  },
);
