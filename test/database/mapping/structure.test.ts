import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

describe('a mapping that cannot be', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await createScenario(folder, {
      source: `CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT, at INTEGER);
               INSERT INTO users VALUES (1, 'a@b.c', 1700000000);`,
      target: `CREATE TABLE people (id int PRIMARY KEY, email text NOT NULL, at timestamptz,
                 size int GENERATED ALWAYS AS (length(email)) STORED, origin text NOT NULL);`,
    });
  });

  it('is refused with exit code 2 for every name that does not exist, with its line, and nothing is written', async () => {
    const file = join(folder, 'wrong.json');
    const lines = [
      '{',
      '  "version": 1,',
      '  "tables": {',
      '    "users": {',
      '      "target": "people",',
      '      "columns": {',
      '        "mail": { "target": "e-mail" },',
      '        "at": { "target": "att", "convert": "epoch_s" }',
      '      },',
      '      "add": {',
      '        "orign": { "constant": "x" },',
      '        "size": { "constant": 1 }',
      '      }',
      '    }',
      '  }',
      '}',
    ];
    writeFileSync(file, lines.join('\n'));
    const { exitCode, error } = await scenario.import({ mapping: file });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ kind: 'usage', code: 'mapping-invalid', where: { file } });
    expect(error?.message.split('\n')).toEqual([
      'the mapping cannot be used',
      "  - line 7, tables.users.columns.mail.target: the target's table people has no column e-mail; did you mean email?",
      "  - line 8, tables.users.columns.at.target: the target's table people has no column att; did you mean at?",
      "  - line 11, tables.users.add.orign: the target's table people has no column orign; did you mean origin?",
      '  - line 12, tables.users.add.size: people.size cannot be given a value: the target computes it',
    ]);
    expect(await scenario.rows('SELECT * FROM people')).toEqual([]);
  });

  it.each<[string, MappingFile['tables'], RegExp]>([
    [
      'a table of the source',
      { user: {} },
      /^tables\.user: the source has no table user; did you mean users\?/,
    ],
    [
      'a table of the target',
      { users: { target: 'poeple' } },
      /^tables\.users\.target: the target's schema public has no table poeple; did you mean people\?/,
    ],
    [
      'a conversion',
      {
        users: { columns: { mail: { convert: 'lowercase' } } },
      } as unknown as MappingFile['tables'],
      /^tables\.users\.columns\.mail\.convert: there is no conversion lowercase; did you mean lower_case\?/,
    ],
  ])('is refused for %s that does not exist', async (_, tables, expected) => {
    const { exitCode, error } = await scenario.import({ mapping: mappingFile(folder, tables) });
    expect(exitCode).toBe(2);
    expect(error?.message.replace('the mapping cannot be used: ', '')).toMatch(expected);
  });

  it('is refused with exit code 2 when it is not there', async () => {
    const { exitCode, error } = await scenario.import({ mapping: join(folder, 'none.json') });
    expect({ exitCode, code: error?.code }).toEqual({ exitCode: 2, code: 'mapping-unreadable' });
  });

  it('is found before the target is asked where the source alone shows it', async () => {
    const { exitCode } = await scenario.import({
      mapping: mappingFile(folder, { nobody: {} }),
      target: 'postgresql://localhost:1/nowhere',
    });
    expect(exitCode).toBe(2);
  });

  it('leaves what it does not place to the findings, with exit code 13', async () => {
    const { exitCode, findings } = await scenario.import({
      mapping: mappingFile(folder, { users: { target: 'people' } }),
    });
    expect(exitCode).toBe(13);
    expect(findings.map(({ code, where }) => `${code} ${where.table}.${where.column}`)).toEqual([
      'column-without-place users.mail',
      'column-without-source users.people.email',
      'column-without-source users.people.origin',
      'time-unit-found users.at',
    ]);
  });

  it('is used when it is right', async () => {
    const { exitCode, findings } = await scenario.import({
      mapping: mappingFile(folder, {
        users: {
          target: 'people',
          columns: { mail: { target: 'email' } },
          add: { origin: { constant: 'sqlite' } },
        },
      }),
    });
    expect(findings.map(({ code }) => code)).toEqual(['time-unit-found']);
    expect(exitCode).toBe(0);
    expect(await scenario.rows('SELECT id, email, at::text, size, origin FROM people')).toEqual([
      { id: 1, email: 'a@b.c', at: '2023-11-14 22:13:20+00', size: 5, origin: 'sqlite' },
    ]);
  });
});

describe('tables and columns that change places', () => {
  it('arrive where the mapping says', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE a (x INTEGER, y INTEGER); CREATE TABLE b (x INTEGER, y INTEGER);
               INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (3, 4);`,
      target: 'CREATE TABLE a (x int, y int); CREATE TABLE b (x int, y int);',
    });
    const { exitCode } = await scenario.import({
      mapping: mappingFile(folder, {
        a: { target: 'b', columns: { x: { target: 'y' }, y: { target: 'x' } } },
        b: { target: 'a' },
      }),
    });
    expect(exitCode).toBe(0);
    expect(await scenario.rows('SELECT * FROM a')).toEqual([{ x: 3, y: 4 }]);
    expect(await scenario.rows('SELECT * FROM b')).toEqual([{ x: 2, y: 1 }]);
  });

  it('are loaded in the order of the target’s own foreign keys', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE a (id INTEGER PRIMARY KEY, z_id INTEGER); CREATE TABLE z (id INTEGER PRIMARY KEY);
               INSERT INTO z VALUES (1); INSERT INTO a VALUES (5, 1);`,
      target:
        'CREATE TABLE m (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, m_id int REFERENCES m);',
      importer: 'owner',
    });
    const { exitCode } = await scenario.import({
      mapping: mappingFile(folder, {
        a: { target: 'c', columns: { z_id: { target: 'm_id' } } },
        z: { target: 'm' },
      }),
    });
    expect(exitCode).toBe(0);
    expect(await scenario.rows('SELECT * FROM c')).toEqual([{ id: 5, m_id: 1 }]);
  });
});

describe('integers in columns of times', () => {
  it('are read in the one unit that all of a column together allow, and refused where there is none', async () => {
    const scenario = await createScenario(folder, {
      source: `
        CREATE TABLE t (id INTEGER PRIMARY KEY, s INTEGER, ms INTEGER, us INTEGER, mixed, odd INTEGER, outlier INTEGER, zero INTEGER, none INTEGER);
        INSERT INTO t VALUES
          (1, 1700000000, 1700000000000, 1700000000000000, 1700000000, 86400, 1700000000, 0, NULL),
          (2, -86400, 0, -1, '2024-01-02', 0, 1700000000000000000, 0, NULL),
          (3, NULL, 12, 1, NULL, NULL, 5, NULL, NULL);`,
      target: `CREATE TABLE t (id int PRIMARY KEY, s timestamptz, ms timestamptz, us timestamptz, mixed timestamptz,
                 odd timestamptz, outlier timestamptz, zero timestamptz, none date);`,
    });
    const refused = await scenario.import();
    expect(refused.exitCode).toBe(3);
    expect(
      refused.findings.map(
        ({ code, where, total, message }) =>
          `${code} ${where.column} ${total} ${message.split(':')[0]}`,
      ),
    ).toEqual([
      'value-unit odd 1 numbers stand for times in an unknown unit (t.odd timestamp with time zone)',
      'value-unit outlier 3 numbers stand for times in an unknown unit (t.outlier timestamp with time zone)',
      'time-unit-found s 1 integers are read as seconds since 1970',
      'time-unit-found ms 1 integers are read as milliseconds since 1970',
      'time-unit-found us 1 integers are read as microseconds since 1970',
      'time-unit-found mixed 1 integers are read as seconds since 1970',
    ]);
    const told = await scenario.import({
      mapping: mappingFile(folder, {
        t: {
          columns: {
            odd: { convert: 'epoch_s' },
            outlier: { convert: 'epoch_s', policies: ['null'] },
          },
        },
      }),
    });
    expect(told.exitCode).toBe(0);
    expect(
      await scenario.rows(
        'SELECT id, s::text, ms::text, us::text, mixed::text, odd::text, outlier::text, zero::text FROM t ORDER BY id',
      ),
    ).toEqual([
      {
        id: 1,
        s: '2023-11-14 22:13:20+00',
        ms: '2023-11-14 22:13:20+00',
        us: '2023-11-14 22:13:20+00',
        mixed: '2023-11-14 22:13:20+00',
        odd: '1970-01-02 00:00:00+00',
        outlier: '2023-11-14 22:13:20+00',
        zero: '1970-01-01 00:00:00+00',
      },
      {
        id: 2,
        s: '1969-12-31 00:00:00+00',
        ms: '1970-01-01 00:00:00+00',
        us: '1969-12-31 23:59:59.999999+00',
        mixed: '2024-01-02 00:00:00+00',
        odd: '1970-01-01 00:00:00+00',
        outlier: null,
        zero: '1970-01-01 00:00:00+00',
      },
      {
        id: 3,
        s: null,
        ms: '1970-01-01 00:00:00.012+00',
        us: '1970-01-01 00:00:00.000001+00',
        mixed: null,
        odd: null,
        outlier: '1970-01-01 00:00:05+00',
        zero: null,
      },
    ]);
    expect(told.report?.ledger).toMatchObject([
      { table: 't', column: 'outlier', change: 'null', total: 1, examples: [{ rowKey: 'id=2' }] },
    ]);
  });
});
