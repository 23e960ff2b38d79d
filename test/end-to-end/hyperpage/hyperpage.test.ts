import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPrisma } from '../../../scripts/lib/prisma/cli.ts';
import { migrateDeploy } from '../../../scripts/lib/prisma/migrate.ts';
import { importReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runScript, type ScriptResult } from '../../support/run-script.ts';
import { createSource, querySource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { EXPECTATIONS, userUuid } from './expected-rows.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/hyperpage/', import.meta.url));
const SCHEMA = join(EXAMPLE, 'schema.prisma');
const MIGRATIONS = join(EXAMPLE, 'migrations');
const MAPPING = join(EXAMPLE, 'mapping.json');
const TOTAL = Object.values(EXPECTATIONS).reduce((sum, { rowCount }) => sum + rowCount, 0);

const folder = temporaryFolder();
const source = join(folder, 'hyperpage.db');
const artifact = join(folder, 'artifact');
let database: TestDatabase;
let refused: ScriptResult;
let imported: ScriptResult;
let others: readonly ScriptResult[];

beforeAll(async () => {
  createSource(source, readFileSync(join(EXAMPLE, 'source.sql'), 'utf8'));
  database = await createTestDatabase();
  await migrateDeploy({ databaseUrl: database.url, schemaPath: SCHEMA });
  const env = { SQLITE_URL: `file:${source}`, DATABASE_URL: database.url };
  const analyzed = await runScript(
    'analyze',
    ['--mapping', MAPPING, '--target', database.url, '--json'],
    { env },
  );
  const exported = await runScript('export', ['--out', artifact, '--json'], { env });
  const verified = await runScript('verify', [artifact, '--mapping', MAPPING, '--json'], { env });
  const load = [artifact, '--migrations', MIGRATIONS, '--json'];
  refused = await runScript('import', load, { env });
  imported = await runScript('import', [...load, '--mapping', MAPPING], { env });
  others = [analyzed, exported, verified];
});

describe('a database that is not of Prisma, with other names and types than its target', () => {
  it('goes through analyze, export, verify and import with its mapping', () => {
    expect(others.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(imported.exitCode).toBe(0);
    expect(imported.json()).toMatchObject({ totalRows: TOTAL });
  });

  it('is refused without its mapping, with everything that is missing, and nothing is written', () => {
    expect(refused.exitCode).toBe(13);
    const { findings, totalRows } = importReportSchema.parse(refused.json());
    expect(totalRows).toBe(0);
    const named = findings
      .filter(({ severity }) => severity === 'blocking')
      .map(({ code, where }) => `${code}: ${where.table} ${where.column}`);
    expect(new Set(named)).toEqual(
      new Set([
        'column-without-place: users provider_user_id',
        'column-without-source: users users.email',
        'column-without-place: jobs requested_by',
        'column-without-place: jobs locked_by',
        'column-without-place: oauth_tokens tool_name',
        'column-without-source: oauth_tokens oauth_tokens.provider',
        'column-without-place: rate_limits id',
        'column-without-place: rate_limits last_updated',
        'column-without-source: rate_limits rate_limits.key',
        'column-without-place: tool_configs tool_name',
        'column-without-source: tool_configs tool_configs.key',
        'value-format: users id',
        'value-format: oauth_tokens user_id',
        'value-label: jobs status',
        'value-label: job_history status',
      ]),
    );
  });

  it.each(Object.keys(EXPECTATIONS))('carries every row and column of %s', async (table) => {
    const { sourceTable, rowCount, targetSql, expected } = EXPECTATIONS[table] ?? never(table);
    const rows = querySource(source, `SELECT * FROM ${sourceTable}`).map(expected);
    expect(rows).toHaveLength(rowCount);
    expect(sorted(await database.query(targetSql))).toEqual(sorted(rows));
  });

  it('leaves no column of the target without an expectation', async () => {
    const columns = await database.query<{ table: string; columns: string[] }>(
      `SELECT table_name AS table, array_agg(column_name::text ORDER BY column_name) AS columns
         FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'user_sessions')
        GROUP BY 1`,
    );
    for (const { table, columns: names } of columns) {
      const { sourceTable, expected } = EXPECTATIONS[table] ?? never(table);
      const [row = {}] = querySource(source, `SELECT * FROM ${sourceTable} LIMIT 1`);
      expect(Object.keys(expected(row)).toSorted()).toEqual(names);
    }
    expect(columns).toHaveLength(7);
  });
});

describe('what the mapping says', () => {
  it('makes the UUIDs that every implementation of version 5 makes', () => {
    // Made with Python's uuid.uuid5.
    expect(userUuid('usr_mara')).toBe('e42bd3a5-4c3e-5651-9414-10ecc23e36d2');
    expect(userUuid('usr_zoë')).toBe('8113a64a-ae25-5ddd-b713-88f6db442287');
  });

  it('is counted in the report wherever it changed more than the type', () => {
    const { ledger, findings } = importReportSchema.parse(imported.json());
    expect(
      new Set(ledger.map(({ table, column, change, total }) => [table, column, change, total])),
    ).toEqual(
      new Set([
        ['users', 'id', 'uuid_v5', 5],
        ['users', 'provider_user_id', 'lower_case', 1],
        ['jobs', 'requested_by', 'uuid_v5', 304],
        ['jobs', 'status', 'values', 402],
        ['job_history', 'status', 'values', 402],
        ['oauth_tokens', 'user_id', 'uuid_v5', 4],
      ]),
    );
    const lowered = ledger.find(({ change }) => change === 'lower_case');
    expect(lowered?.examples.map(({ rowKey }) => rowKey)).toEqual(['id="usr_zoë"']);
    expect(findings.map(({ code, where }) => [code, where.table, where.column])).toEqual([
      ['mapping-drops-column', 'jobs', 'locked_by'],
    ]);
  });

  it('lets every foreign key follow the users to their new ids', async () => {
    expect(
      await database.query(
        `SELECT u.email, array_agg(t.provider ORDER BY t.provider) AS tools
           FROM oauth_tokens AS t JOIN users AS u ON u.id = t.user_id GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { email: 'mara@hyperpage.example', tools: ['github', 'jira'] },
      { email: 'ming@hyperpage.example', tools: ['github'] },
      { email: "z.o'hara@hyperpage.example", tools: ['gitlab'] },
    ]);
    expect(
      await database.query(
        `SELECT u.email, count(*)::int AS jobs FROM jobs AS j LEFT JOIN users AS u ON u.id = j.requested_by_id
          GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { email: 'mara@hyperpage.example', jobs: 101 },
      { email: 'ming@hyperpage.example', jobs: 101 },
      { email: 'nobody@hyperpage.example', jobs: 1 },
      { email: "z.o'hara@hyperpage.example", jobs: 101 },
      { email: null, jobs: 101 },
    ]);
  });

  it('reads seconds and milliseconds where the application wrote them, past 2038 too', async () => {
    const times = await database.query(
      `SELECT (SELECT scheduled_at FROM jobs WHERE id = 'job_waiting') AS scheduled,
              (SELECT expires_at FROM oauth_tokens WHERE id = 7) AS expires,
              (SELECT refresh_expires_at FROM oauth_tokens WHERE id = 7) AS refresh_expires,
              (SELECT created_at FROM users WHERE provider = 'google') AS unset,
              (SELECT reset_time FROM rate_limits WHERE key = 'github:core') AS reset,
              (SELECT created_at FROM rate_limits WHERE key = 'github:core') AS updated`,
    );
    expect(times).toEqual([
      {
        scheduled: new Date('2040-01-01T12:00:00.000Z'),
        expires: new Date('2038-01-19T03:14:08.000Z'),
        refresh_expires: new Date('2100-01-01T00:00:00.000Z'),
        unset: new Date('1970-01-01T00:00:00.000Z'),
        reset: new Date('2025-03-01T11:00:00.000Z'),
        updated: new Date('2025-03-01T10:00:15.250Z'),
      },
    ]);
  });

  it('keeps JSON numbers to their last digit', async () => {
    expect(
      await database.query(
        `SELECT result->>'bytes' AS bytes, payload->>'ratio' AS ratio FROM jobs WHERE id = 'job_first'`,
      ),
    ).toEqual([{ bytes: '9007199254740993', ratio: '1.10' }]);
  });

  it.each([
    ['job_history', '250001'],
    ['oauth_tokens', '41'],
    ['user_sessions', '4712'],
  ])('lets %s go on at %s, above every id that SQLite gave out', async (table, next) => {
    const sql = `SELECT nextval(pg_get_serial_sequence($1, 'id')) AS next`;
    expect(await database.query(sql, [table])).toEqual([{ next }]);
  });
});

interface EncryptedToken {
  readonly ciphertext: string | null;
  readonly iv: Buffer;
  readonly tag: Buffer;
}

describe('the AES-256-GCM ciphertext', () => {
  const [, keyHex = ''] =
    /^HYPERPAGE_ENCRYPTION_KEY=([0-9a-f]{64})$/m.exec(
      readFileSync(join(EXAMPLE, 'example.env'), 'utf8'),
    ) ?? [];

  function decrypt({ ciphertext, iv, tag }: EncryptedToken): string | null {
    if (ciphertext === null) return null;
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), iv);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext, 'base64'), decipher.final()]).toString();
  }

  it.each([
    ['access_token', ['Mara at github', 'Mara at jira', 'Zoë at gitlab 🔑', 'Ming at github']],
    ['refresh_token', ['Mara at github', null, 'Zoë at gitlab', 'Ming at github']],
  ])('in %s decrypts with the key from before', async (column, owners) => {
    const rows = await database.query<EncryptedToken & Record<string, unknown>>(
      `SELECT ${column} AS ciphertext, ${column}_iv AS iv, ${column}_tag AS tag FROM oauth_tokens ORDER BY id`,
    );
    const kind = column.replace('_', ' ');
    expect(rows.map(decrypt)).toEqual(
      owners.map((owner) => (owner === null ? null : `${kind} of ${owner}`)),
    );
  });
});

describe("the example's migrations", () => {
  it('make what its Prisma schema says', async () => {
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', SCHEMA];
    const result = await runPrisma([...diff, '--exit-code'], { databaseUrl: database.url });
    expect(result).toMatchObject({ exitCode: 0 });
  });
});

function never(table: string): never {
  throw new Error(`the test expects nothing of ${table}`);
}

type Row = Readonly<Record<string, unknown>>;

/** Sorted by the first column, which is the key of each table. */
function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf(row: Row): string {
  return String(Object.values(row)[0]);
}
