import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyReportSchema } from '../../scripts/lib/model/reports/verify.ts';
import { exportArtifact, importInProcess, verifyInProcess } from '../support/in-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runScript } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import {
  dataFileOf,
  editLines,
  listArtifact,
  readManifest,
  reseal,
  sha256Of,
} from '../support/tampering.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const sound = join(folder, 'sound');
let database: TestDatabase;
let artifact: string;
let copies = 0;

const SOURCE = `
  CREATE TABLE city (country TEXT, code INTEGER, name TEXT UNIQUE, PRIMARY KEY (country, code));
  CREATE TABLE visit (id INTEGER PRIMARY KEY, country TEXT, code INTEGER, back_to TEXT REFERENCES city (name),
    after INTEGER REFERENCES visit (id), FOREIGN KEY (country, code) REFERENCES city);
  INSERT INTO city VALUES ('CH', 1, 'Bern'), ('CH', 2, 'Basel'), ('DE', 1, 'Bonn');
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO visit SELECT i, 'CH', 1 + i % 2, 'Bonn', CASE i WHEN 1 THEN 60 END FROM n;`;

beforeAll(async () => {
  await exportArtifact(createSource(join(folder, 'source.db'), SOURCE), sound);
  database = await createTestDatabase();
  await database.query(
    `CREATE TABLE city (country text, code integer, name text, PRIMARY KEY (country, code));
     CREATE TABLE visit (id integer PRIMARY KEY, country text, code integer, back_to text, after integer);`,
  );
});

beforeEach(() => {
  copies += 1;
  artifact = join(folder, `copy-${copies}`);
  cpSync(sound, artifact, { recursive: true });
});

/** Changes a table's lines and recomputes every checksum, so that nothing but the content itself can tell. */
function tamper(table: string, edit: (lines: string[]) => readonly string[]): void {
  editLines(artifact, table, edit);
  reseal(artifact);
}

async function expectNothingLoaded(exitCode: number): Promise<void> {
  expect((await importInProcess(artifact, database.url)).exitCode).toBe(exitCode);
  expect(await database.query('SELECT 1 FROM city UNION ALL SELECT 1 FROM visit')).toEqual([]);
}

it('an artifact that was resealed without a change is sound', async () => {
  tamper('visit', (lines) => lines);
  expect(listArtifact(artifact).map((file) => sha256Of(join(artifact, file)))).toEqual(
    listArtifact(sound).map((file) => sha256Of(join(sound, file))),
  );
  expect(await verifyInProcess(artifact)).toEqual({ findings: [] });
});

describe('orphans that checksums hide', () => {
  it('are named with table, key columns, values, row key and line; 20 are listed, all are counted', async () => {
    tamper('visit', (lines) =>
      lines.map((line, index) => (index < 35 ? line.replace('"CH"', '"XX"') : line)),
    );
    const { exitCode, stdout, stderr } = await runScript('verify', [artifact, '--json']);
    expect(exitCode).toBe(3);
    const { findings } = verifyReportSchema.parse(JSON.parse(stdout));
    expect(findings).toMatchObject([
      {
        code: 'orphan',
        severity: 'blocking',
        kind: 'data',
        where: {
          table: 'visit',
          column: 'country, code',
          constraint: '(country, code) → city (country, code)',
          file: dataFileOf(artifact, 'visit'),
        },
        total: 35,
      },
    ]);
    expect(findings[0]?.examples).toHaveLength(20);
    expect(findings[0]?.examples[2]).toEqual({
      rowKey: 'id=3',
      line: 3,
      detail: 'country="XX", code=2 has no parent',
    });
    expect(stderr).toContain('orphan, 35 times');
    expect(stderr).toContain('id=1, line 1: country="XX", code=2 has no parent');
    await expectNothingLoaded(3);
  });

  it('are found in a reference to a unique column and in one to the same table', async () => {
    tamper('visit', (lines) =>
      lines.map((line) =>
        line
          .replace(
            '"id":7,"country":"CH","code":2,"back_to":"Bonn"',
            '"id":7,"country":"CH","code":2,"back_to":"Bönn"',
          )
          .replace('"after":60', '"after":61'),
      ),
    );
    const { findings } = await verifyInProcess(artifact);
    const byColumn = Object.fromEntries(findings.map((finding) => [finding.where.column, finding]));
    expect(byColumn).toMatchObject({
      after: {
        total: 1,
        examples: [{ rowKey: 'id=1', line: 1, detail: 'after=61 has no parent' }],
      },
      back_to: {
        total: 1,
        examples: [{ rowKey: 'id=7', line: 7, detail: 'back_to="Bönn" has no parent' }],
      },
    });
    expect(findings.map(({ code }) => code)).toEqual(['orphan', 'orphan']);
    await expectNothingLoaded(3);
  });

  it('are found when the parent is gone', async () => {
    tamper('city', (lines) => lines.filter((line) => !line.includes('Bonn')));
    const { findings } = await verifyInProcess(artifact);
    expect(findings).toMatchObject([{ code: 'orphan', where: { column: 'back_to' }, total: 60 }]);
    await expectNothingLoaded(3);
  });

  it('are none where a part of the key is NULL', async () => {
    tamper('visit', (lines) => lines.map((line) => line.replace('"CH"', 'null')));
    expect(await verifyInProcess(artifact)).toEqual({ findings: [] });
  });
});

describe('lines that checksums hide', () => {
  const [first, second, third] = readableLines();

  it.each([
    ['a row twice', 'duplicate-key', [first, first, second, third]],
    ['rows in another order', 'key-order', [second, first, third]],
    [
      'a key that is missing',
      'line-malformed',
      [first.replace(',"name":"Bern"', ''), second, third],
    ],
    ['a key that is too many', 'line-malformed', [first.replace('}', ',"more":1}'), second, third]],
    ['keys in another order', 'line-malformed', ['{"code":2,"country":"CH","name":"x"}']],
    ['blanks between tokens', 'line-malformed', [first.replace(':1', ': 1'), second, third]],
    ['an empty line', 'line-malformed', [first, '', second, third]],
    ['a number with a leading zero', 'line-malformed', [first.replace(':1', ':01'), second, third]],
    ['an integer beyond 64 bits', 'line-malformed', [first.replace(':1', ':9223372036854775808')]],
    [
      'a value that JSON has and the codec has not',
      'line-malformed',
      [first.replace(':1', ':true')],
    ],
    ['base64 that is not canonical', 'line-malformed', [first.replace('"Bern"', '{"$blob":"QQ"}')]],
    ['a lone surrogate', 'line-malformed', [first.replace('"Bern"', String.raw`"\ud800"`)]],
  ] as const)('%s', async (_, code, lines) => {
    tamper('city', () => lines);
    const { findings } = await verifyInProcess(artifact);
    const found = findings.filter(({ severity }) => severity === 'blocking');
    expect(found.map((finding) => finding.code)).toContain(code);
    const fault = found.find((finding) => finding.code === code);
    expect(fault?.where).toMatchObject({ table: 'city', file: dataFileOf(artifact, 'city') });
    expect(fault?.examples[0]?.line).toBeGreaterThan(0);
    await expectNothingLoaded(code === 'duplicate-key' ? 3 : 11);
  });
});

/** The lines of the table city, as the export writes them. */
function readableLines(): readonly [string, string, string] {
  return [
    '{"country":"CH","code":1,"name":"Bern"}',
    '{"country":"CH","code":2,"name":"Basel"}',
    '{"country":"DE","code":1,"name":"Bonn"}',
  ];
}

it('the lines that are tampered with here are those of the export', () => {
  const text = readFileSync(join(sound, dataFileOf(sound, 'city')), 'utf8');
  expect(text).toBe(`${readableLines().join('\n')}\n`);
  expect(readManifest(sound).tables).toHaveLength(2);
});
