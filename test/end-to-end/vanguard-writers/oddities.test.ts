import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../support/database.ts';
import { clientsFolder } from '../../support/generated-client.ts';
import { exportArtifact, importInProcess, type ImportOutcome } from '../../support/in-process.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { querySource, type SourceValue } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import {
  connectSqlite,
  createApplicationDatabase,
  generateClient,
  SQLITE_SCHEMA,
  type AppRow,
  type Client,
  type ClientModule,
  type TimestampFormat,
} from './clients.ts';

const folder = temporaryFolder();
const generated = clientsFolder();
let sqlite: ClientModule;

/** Opens the file as an application does, and closes it. */
async function withClient(
  file: string,
  use: (client: Client) => Promise<unknown>,
  timestampFormat?: TimestampFormat,
): Promise<void> {
  const client = connectSqlite(sqlite, file, timestampFormat);
  try {
    await use(client);
  } finally {
    await client.disconnect();
  }
}

async function createOrganization(client: Client, slug: string, data: AppRow): Promise<void> {
  await client.model('organization').create({ data: { slug, name: slug, settings: {}, ...data } });
}

async function load(file: string): Promise<{ outcome: ImportOutcome; database: TestDatabase }> {
  const artifact = await exportArtifact(file, `${file}.artifact`);
  const database = await createMigratedDatabase();
  return { outcome: await importInProcess(artifact, database.url), database };
}

/** Loads a source in which nothing is wrong. */
async function loadWhole(file: string): Promise<TestDatabase> {
  const { outcome, database } = await load(file);
  expect(outcome).toMatchObject({ exitCode: 0 });
  return database;
}

beforeAll(async () => {
  sqlite = await generateClient(SQLITE_SCHEMA, generated);
});

/** A field that the application gives, what SQLite then holds, and what PostgreSQL gets as text. */
interface Case {
  readonly title: string;
  readonly column: string;
  readonly given: AppRow;
  readonly stored: readonly [storageClass: string, value: SourceValue];
  readonly arrives: string;
}

const CASES: readonly Case[] = [
  {
    title: 'a Decimal without decimals as INTEGER',
    column: 'annual_budget',
    given: { annualBudget: '100.00' },
    stored: ['integer', 100n],
    arrives: '100.0000',
  },
  {
    title: 'a Decimal with decimals as REAL',
    column: 'annual_budget',
    given: { annualBudget: '99999999999.9999' },
    stored: ['real', 99_999_999_999.9999],
    arrives: '99999999999.9999',
  },
  {
    title: 'a Decimal of more digits than a double has, without the others',
    column: 'annual_budget',
    given: { annualBudget: '12345678901234.567890123456789' },
    stored: ['real', 12_345_678_901_234.568],
    arrives: '12345678901234.5680',
  },
  {
    title: 'a BigInt at the end of 64 bits exactly',
    column: 'storage_quota_bytes',
    given: { storageQuotaBytes: -(2n ** 63n) },
    stored: ['integer', -(2n ** 63n)],
    arrives: '-9223372036854775808',
  },
  {
    title: 'a whole Float as REAL',
    column: 'risk_factor',
    given: { riskFactor: 3 },
    stored: ['real', 3],
    arrives: '3',
  },
  {
    title: 'the largest double as infinity',
    column: 'risk_factor',
    given: { riskFactor: Number.MAX_VALUE },
    stored: ['real', Infinity],
    arrives: 'Infinity',
  },
  {
    title: 'a JSON whole number as INTEGER',
    column: 'settings',
    given: { settings: 42 },
    stored: ['integer', 42n],
    arrives: '42',
  },
  {
    title: 'a JSON fraction as REAL',
    column: 'settings',
    given: { settings: 0.1 },
    stored: ['real', 0.1],
    arrives: '0.1',
  },
  {
    title: 'a JSON number beyond 64 bits as REAL',
    column: 'settings',
    given: { settings: 1e21 },
    stored: ['real', 1e21],
    arrives: '1000000000000000000000',
  },
  {
    title: 'a JSON string of digits as TEXT, in its quotes',
    column: 'settings',
    given: { settings: '42' },
    stored: ['text', '"42"'],
    arrives: '"42"',
  },
  {
    title: 'a JSON true as TEXT',
    column: 'settings',
    given: { settings: true },
    stored: ['text', 'true'],
    arrives: 'true',
  },
  {
    title: 'a time with a zone and microseconds in UTC and cut to milliseconds',
    column: 'contract_ends_at',
    given: { contractEndsAt: '2024-05-01T09:30:00.123999+02:00' },
    stored: ['text', '2024-05-01T07:30:00.123+00:00'],
    arrives: '2024-05-01 07:30:00.123',
  },
];

describe('a value stored through the driver adapter', () => {
  const file = join(folder, 'values.db');
  let database: TestDatabase;

  beforeAll(async () => {
    createApplicationDatabase(file);
    await withClient(file, async (client) => {
      for (const [index, { given }] of CASES.entries()) {
        await createOrganization(client, `case-${index}`, given);
      }
    });
    database = await loadWhole(file);
  });

  it.each(CASES.map((given, index) => [given.title, `case-${index}`, given] as const))(
    'stores %s, and that arrives',
    async (_, slug, { column, stored, arrives }) => {
      const [source] = querySource(
        file,
        `SELECT typeof(${column}) AS class, ${column} AS value FROM organizations WHERE slug = '${slug}'`,
      );
      expect(source).toEqual({ class: stored[0], value: stored[1] });
      const text = column === 'contract_ends_at' ? `${column} AT TIME ZONE 'UTC'` : column;
      const loaded = await database.query(
        `SELECT (${text})::text AS value FROM organizations WHERE slug = $1`,
        [slug],
      );
      expect(loaded).toEqual([{ value: arrives }]);
    },
  );
});

const MOMENTS: readonly (readonly [iso: string, arrives: string])[] = [
  ['1969-07-20T20:17:40.250Z', '1969-07-20 20:17:40.25'],
  ['1970-01-01T00:00:00.000Z', '1970-01-01 00:00:00'],
  ['2038-01-19T03:14:08.001Z', '2038-01-19 03:14:08.001'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31 23:59:59.999'],
  ['+012000-01-01T00:00:00.000Z', '12000-01-01 00:00:00'],
  ['0000-02-29T00:00:00.000Z', '0001-02-29 00:00:00 BC'],
  ['-000043-03-15T12:00:00.000Z', '0044-03-15 12:00:00 BC'],
];

describe('one column that several clients have written', () => {
  const file = join(folder, 'mixed.db');
  let database: TestDatabase;

  beforeAll(async () => {
    createApplicationDatabase(file);
    for (const format of ['iso8601', 'unixepoch-ms'] as const) {
      await withClient(
        file,
        async (client) => {
          for (const [iso] of MOMENTS) {
            const data = { contractEndsAt: new Date(iso), updatedAt: new Date(0) };
            await createOrganization(client, `${format} ${iso}`, data);
          }
        },
        format,
      );
    }
    await withClient(file, async (client) =>
      client.executeRaw(
        `INSERT INTO organizations (id, slug, name, settings, contract_ends_at, updated_at, created_at)
         VALUES ('raw', 'raw', 'raw', '{}', ?, CURRENT_TIMESTAMP, '2024-02-03 10:20:30')`,
        new Date('2024-02-29T12:00:00.001Z'),
      ),
    );
    database = await loadWhole(file);
  });

  it('holds text from one and integers from another', () => {
    const classes = `SELECT typeof(contract_ends_at) AS class, count(*) AS rows
                       FROM organizations WHERE slug <> 'raw' GROUP BY 1 ORDER BY 1`;
    const rows = BigInt(MOMENTS.length);
    expect(querySource(file, classes)).toEqual([
      { class: 'integer', rows },
      { class: 'text', rows },
    ]);
  });

  it.each(MOMENTS)('gets %s from both as the same moment', async (iso, arrives) => {
    const loaded = await database.query(
      `SELECT DISTINCT (contract_ends_at AT TIME ZONE 'UTC')::text AS value
         FROM organizations WHERE slug IN ($1, $2)`,
      [`iso8601 ${iso}`, `unixepoch-ms ${iso}`],
    );
    expect(loaded).toEqual([{ value: arrives }]);
  });

  it("takes SQLite's own CURRENT_TIMESTAMP for UTC, and a raw statement's Date as the client writes it", async () => {
    const loaded = await database.query(
      `SELECT (created_at AT TIME ZONE 'UTC')::text AS created,
              (contract_ends_at AT TIME ZONE 'UTC')::text AS ends,
              updated_at BETWEEN now() - interval '1 hour' AND now() AS is_recent
         FROM organizations WHERE slug = 'raw'`,
    );
    expect(loaded).toEqual([
      { created: '2024-02-03 10:20:30', ends: '2024-02-29 12:00:00.001', is_recent: true },
    ]);
  });
});

describe('what the client lets into SQLite and PostgreSQL cannot hold', () => {
  it('is named value by value, and nothing is loaded', async () => {
    const file = createApplicationDatabase(join(folder, 'refused.db'));
    await withClient(file, async (client) => {
      await createOrganization(client, 'nul', { id: 'nul', notes: 'a\u0000b' });
      await createOrganization(client, 'surrogate', { id: 'surrogate', notes: 'a\ud800b' });
      await createOrganization(client, 'json', { id: 'json', settings: { key: 'a\u0000b' } });
      await createOrganization(client, 'decimals', { id: 'decimals', annualBudget: '0.00001' });
    });
    const { outcome, database } = await load(file);
    expect(outcome.exitCode).toBe(3);
    const named = outcome.findings
      .filter(({ severity }) => severity === 'blocking')
      .map(({ code, where, examples }) => [code, where.column, examples[0]?.rowKey]);
    expect(new Set(named)).toEqual(
      new Set([
        ['value-nul', 'notes', 'id="nul"'],
        ['value-encoding', 'notes', 'id="surrogate"'],
        ['value-nul', 'settings', 'id="json"'],
        ['value-precision', 'annual_budget', 'id="decimals"'],
      ]),
    );
    expect(await database.query('SELECT count(*) FROM organizations')).toEqual([{ count: '0' }]);
  });
});
