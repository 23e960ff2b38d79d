import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { exitCodeOfFindings } from '../../../scripts/lib/cli/exit-codes.ts';
import { analyzeSource } from '../../../scripts/lib/commands/analyze.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import type { AnalyzeReport } from '../../../scripts/lib/model/reports/analyze.ts';
import type { CommandResult } from '../../../scripts/lib/model/reports/parts.ts';
import { quietContext } from '../../support/artifact.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let count = 0;

interface Analyzed {
  readonly report: CommandResult<AnalyzeReport>;
  readonly exitCode: number;
  readonly database: TestDatabase;
}

/** Analyzes a source made by SQL against a target made by SQL. */
async function analyze(source: string, target: string, mapping?: MappingFile): Promise<Analyzed> {
  count += 1;
  const database = await createTestDatabase();
  await database.query(target);
  const file = join(folder, `mapping-${count}.json`);
  if (mapping !== undefined) writeFileSync(file, JSON.stringify(mapping));
  const report = await analyzeSource(
    {
      source: createSource(join(folder, `source-${count}.db`), source),
      samples: 0,
      target: database.url,
      mapping: mapping === undefined ? undefined : file,
      env: {},
    },
    quietContext,
  );
  return { report, exitCode: exitCodeOfFindings(report), database };
}

function blocking({ report }: Analyzed): unknown[] {
  return report.findings
    .filter((finding) => finding.severity === 'blocking')
    .map(({ code, where, total, examples }) => ({
      code,
      place: `${where.table ?? ''}.${where.column ?? ''}`,
      total,
      keys: examples.map((example) => example.rowKey),
    }));
}

describe('analyze with a target', () => {
  it('says what would be loaded when everything fits, and writes nothing', async () => {
    const analyzed = await analyze(
      `CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note VALUES (1, 'a'), (2, 'b');`,
      'CREATE TABLE note (id serial PRIMARY KEY, body text NOT NULL)',
    );
    expect(analyzed.exitCode).toBe(0);
    expect(analyzed.report.target).toMatchObject({
      tables: [
        {
          source: 'note',
          target: 'note',
          rowCount: 2,
          columns: [
            { source: 'id', target: 'id', type: 'integer' },
            { source: 'body', target: 'body', type: 'text' },
          ],
        },
      ],
      ledger: [],
    });
    expect(await analyzed.database.query('SELECT FROM note')).toEqual([]);
    const schemas = await analyzed.database.query(
      `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
    );
    expect(schemas).toEqual([{ nspname: 'public' }]);
  });

  it('names every value that does not fit, of all columns and kinds, with exact totals', async () => {
    const analyzed = await analyze(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, n, code, amount, at, payload);
       WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 30)
       INSERT INTO item SELECT i, 'x' || i, 'toolong', 1.005, 'soon', '{' FROM s;
       INSERT INTO item VALUES (31, 9999999999, NULL, 1.5, '2024-02-30', '{"a":"\\u0000"}');`,
      `CREATE TABLE item (id integer PRIMARY KEY, n integer, code varchar(3) NOT NULL, amount numeric(6,2), at timestamptz, payload jsonb)`,
    );
    const keys = Array.from({ length: 20 }, (_, index) => `id=${index + 1}`);
    expect(analyzed.exitCode).toBe(3);
    expect(blocking(analyzed)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ place: 'item.n', total: 30, keys }),
        { code: 'value-range', place: 'item.n', total: 1, keys: ['id=31'] },
        { code: 'value-length', place: 'item.code', total: 30, keys },
        { code: 'value-null', place: 'item.code', total: 1, keys: ['id=31'] },
        { code: 'value-precision', place: 'item.amount', total: 30, keys },
        { code: 'value-format', place: 'item.at', total: 30, keys },
        { code: 'value-range', place: 'item.at', total: 1, keys: ['id=31'] },
        { code: 'value-format', place: 'item.payload', total: 30, keys },
        { code: 'value-nul', place: 'item.payload', total: 1, keys: ['id=31'] },
      ]),
    );
    expect(blocking(analyzed)).toHaveLength(9);
  });

  it('names every structural mismatch beside the values', async () => {
    const analyzed = await analyze(
      `CREATE TABLE gone (id INTEGER PRIMARY KEY); CREATE TABLE kept (id INTEGER PRIMARY KEY, extra TEXT, n INTEGER);
       INSERT INTO kept VALUES (1, 'x', 99999);`,
      'CREATE TABLE kept (id integer PRIMARY KEY, n smallint, must integer NOT NULL)',
    );
    const codes = blocking(analyzed).map((finding) => (finding as { code: string }).code);
    expect(codes.toSorted()).toEqual([
      'column-without-place',
      'column-without-source',
      'table-without-place',
      'value-range',
    ]);
  });

  it('names rows that break a unique key, a foreign key and a check of the target', async () => {
    const analyzed = await analyze(
      `CREATE TABLE a (id INTEGER PRIMARY KEY, email TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER, n INTEGER);
       INSERT INTO a VALUES (1, 'x'), (2, 'x'); INSERT INTO b VALUES (10, 1, 5), (11, 7, -5);`,
      `CREATE TABLE a (id integer PRIMARY KEY, email text UNIQUE);
       CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a, n integer CHECK (n > 0))`,
    );
    const found = analyzed.report.findings.filter(({ severity }) => severity === 'blocking');
    expect(found.map(({ where, total }) => [where.table, where.constraint, total])).toEqual(
      expect.arrayContaining([
        ['a', 'a_email_key', 1],
        ['b', 'b_a_id_fkey', 1],
        ['b', 'b_n_check', 1],
      ]),
    );
    expect(found).toHaveLength(3);
  });

  it('applies a mapping, and counts what it would change', async () => {
    const analyzed = await analyze(
      `CREATE TABLE people (id INTEGER PRIMARY KEY, role TEXT, seen INTEGER);
       INSERT INTO people VALUES (1, 'admin', 1700000000), (2, 'user', 1700000001), (3, 'bot', NULL);`,
      `CREATE TYPE role AS ENUM ('ADMIN', 'USER'); CREATE TABLE person (id integer PRIMARY KEY, role role, seen timestamptz)`,
      {
        version: 1,
        tables: {
          people: {
            target: 'person',
            where: [{ column: 'role', op: 'ne', value: 'bot' }],
            columns: { role: { convert: { values: { admin: 'ADMIN', user: 'USER' } } } },
          },
        },
      },
    );
    expect(blocking(analyzed)).toEqual([]);
    expect(analyzed.report.mapping?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(analyzed.report.target).toMatchObject({
      tables: [{ source: 'people', target: 'person', rowCount: 2 }],
      ledger: expect.arrayContaining([
        expect.objectContaining({ column: 'role', change: 'values', total: 2 }),
        expect.objectContaining({ column: null, change: 'where', total: 1 }),
      ]),
    });
    expect(analyzed.report.findings).toContainEqual(
      expect.objectContaining({
        code: 'time-unit-found',
        where: expect.objectContaining({ column: 'seen' }),
      }),
    );
  });

  it('sees text that is not valid for what it is', async () => {
    const analyzed = await analyze(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO t VALUES (1, CAST(x'ff41' AS TEXT)), (2, 'ok' || char(65533));`,
      'CREATE TABLE t (id integer PRIMARY KEY, body text)',
    );
    expect(blocking(analyzed)).toEqual([
      { code: 'value-encoding', place: 't.body', total: 1, keys: ['id=1'] },
    ]);
  });

  it('refuses a mapping that names what is not there before it looks at any row', async () => {
    const run = analyze(
      'CREATE TABLE users (id INTEGER PRIMARY KEY)',
      'CREATE TABLE users (id integer PRIMARY KEY)',
      { version: 1, tables: { user: { skip: 'not needed' } } },
    );
    await expect(run).rejects.toMatchObject({
      code: 'mapping-invalid',
      message: expect.stringContaining('users') as unknown,
    });
  });

  it('says at once that the target cannot be reached', async () => {
    const run = analyzeSource(
      {
        source: createSource(join(folder, 'unreached.db'), 'CREATE TABLE t (id INTEGER)'),
        samples: 0,
        target: 'postgresql://nobody:hidden@127.0.0.1:1/none',
        env: {},
      },
      quietContext,
    );
    await expect(run).rejects.toMatchObject({
      code: 'target-refused',
      message: expect.not.stringContaining('hidden') as unknown,
    });
  });
});
