import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

const scenario = async (source: string, target: string): Promise<Scenario> =>
  createScenario(folder, { source, target });

/** Writes a mapping with these tables. */
function mapping(name: string, tables: object, more: object = {}): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ version: 1, tables, ...more }));
  return file;
}

function orphans(findings: readonly Finding[]): unknown[] {
  return findings
    .filter(({ severity }) => severity === 'blocking')
    .map(({ code, where, total, examples }) => [
      code,
      where.table,
      where.constraint,
      total,
      examples.map(({ rowKey }) => rowKey),
    ])
    .toSorted(byText);
}

describe('a foreign key that only the target has', () => {
  it('names every row without a parent, in any order of the tables and in cycles', async () => {
    const shop = await scenario(
      `CREATE TABLE a_child (id INTEGER PRIMARY KEY, p INTEGER, q INTEGER);
       CREATE TABLE parent (id INTEGER PRIMARY KEY, boss INTEGER, favourite INTEGER);
       CREATE TABLE z_child (id INTEGER PRIMARY KEY, x TEXT, y INTEGER);
       CREATE TABLE pair (x TEXT, y INTEGER, PRIMARY KEY (x, y));
       INSERT INTO parent VALUES (1, NULL, 10), (2, 3, 11), (3, 2, 99), (4, 44, NULL);
       INSERT INTO a_child VALUES (10, 1, 1), (11, 5, NULL), (12, NULL, 4), (13, 6, 7);
       INSERT INTO pair VALUES ('a', 1), ('b', 2);
       INSERT INTO z_child VALUES (1, 'a', 1), (2, 'a', 2), (3, NULL, 9), (4, 'b', NULL), (5, 'B', 2);`,
      `CREATE TABLE parent (id integer PRIMARY KEY, boss integer REFERENCES parent, favourite integer);
       CREATE TABLE a_child (id bigint PRIMARY KEY, p bigint REFERENCES parent, q integer REFERENCES parent);
       ALTER TABLE parent ADD FOREIGN KEY (favourite) REFERENCES a_child;
       CREATE TABLE pair (x text, y integer, PRIMARY KEY (x, y));
       CREATE TABLE z_child (id integer PRIMARY KEY, x text, y integer,
         CONSTRAINT partly FOREIGN KEY (y, x) REFERENCES pair (y, x),
         CONSTRAINT fully FOREIGN KEY (x, y) REFERENCES pair MATCH FULL);`,
    );
    const { exitCode, findings } = await shop.import();
    expect(exitCode).toBe(3);
    expect(orphans(findings)).toEqual([
      ['orphan', 'a_child', 'a_child_p_fkey', 2, ['id=11', 'id=13']],
      ['orphan', 'a_child', 'a_child_q_fkey', 1, ['id=13']],
      ['orphan', 'parent', 'parent_boss_fkey', 1, ['id=4']],
      ['orphan', 'parent', 'parent_favourite_fkey', 1, ['id=3']],
      ['orphan', 'z_child', 'fully', 4, ['id=3', 'id=4', 'id=2', 'id=5']],
      ['orphan', 'z_child', 'partly', 2, ['id=2', 'id=5']],
    ]);
    expect(findings.find(({ where }) => where.constraint === 'a_child_p_fkey')).toEqual({
      code: 'orphan',
      severity: 'blocking',
      kind: 'data',
      message: "rows refer to a parent row that the target's table parent would not have",
      where: {
        table: 'a_child',
        column: 'p',
        constraint: 'a_child_p_fkey',
        file: 'data/001-a_child.ndjson',
      },
      total: 2,
      examples: [
        { rowKey: 'id=11', line: 2, detail: 'p=5 has no parent' },
        { rowKey: 'id=13', line: 4, detail: 'p=6 has no parent' },
      ],
      hint: expect.any(String) as string,
    });
    expect(await shop.rows('SELECT * FROM pair')).toEqual([]);
  });

  it('compares values as the target has them', async () => {
    const typed = await scenario(
      `CREATE TABLE p (id PRIMARY KEY, code TEXT); INSERT INTO p VALUES (x'c0ffee00000040008000000000000001', 'a '), ('c0ffee00-0000-4000-8000-000000000002', 'b');
       CREATE TABLE c (id INTEGER PRIMARY KEY, ref TEXT, code TEXT);
       INSERT INTO c VALUES (1, 'C0FFEE00-0000-4000-8000-000000000001', 'a'), (2, '{C0FFEE00-0000-4000-8000-000000000002}', 'b  '), (3, 'c0ffee00-0000-4000-8000-000000000003', 'B');`,
      `CREATE TABLE p (id uuid PRIMARY KEY, code char(4) UNIQUE);
       CREATE TABLE c (id integer PRIMARY KEY, ref uuid REFERENCES p, code char(9) REFERENCES p (code));`,
    );
    const { findings } = await typed.import();
    expect(orphans(findings)).toEqual([
      ['orphan', 'c', 'c_code_fkey', 1, ['id=3']],
      ['orphan', 'c', 'c_ref_fkey', 1, ['id=3']],
    ]);
  });

  it('is nothing to speak of when each row has its parent', async () => {
    const fine = await scenario(
      `CREATE TABLE p (id TEXT PRIMARY KEY); INSERT INTO p VALUES ('MÜ'), ('b');
       CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT); INSERT INTO c VALUES (1, 'mÜ'), (2, 'B'), (3, NULL);`,
      `CREATE EXTENSION citext; CREATE TABLE p (id citext PRIMARY KEY);
       CREATE TABLE c (id integer PRIMARY KEY, p citext REFERENCES p);`,
    );
    expect(await fine.import()).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('is left to PostgreSQL when rows stay in the target', async () => {
    const kept = await scenario(
      `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER);
       INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 5);`,
      `CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p);
       INSERT INTO p VALUES (5);`,
    );
    expect(await kept.import({ append: true })).toMatchObject({ exitCode: 0, findings: [] });
  });
});

describe('a foreign key that the source has too', () => {
  const NOCASE = `
    CREATE TABLE p (code TEXT PRIMARY KEY COLLATE NOCASE);
    CREATE TABLE c (id INTEGER PRIMARY KEY, code TEXT REFERENCES p);
    INSERT INTO p VALUES ('a'), ('B'); INSERT INTO c VALUES (1, 'a'), (2, 'A'), (3, 'b'), (4, 'gone');`;

  it('names what the source takes for equal and the target does not, and orphans of the source once', async () => {
    const strict = await scenario(
      NOCASE,
      'CREATE TABLE p (code text PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, code text REFERENCES p);',
    );
    const { findings } = await strict.import();
    expect(orphans(findings)).toEqual([
      ['orphan', 'c', '(code) → p (code)', 1, ['id=4']],
      ['orphan', 'c', 'c_code_fkey', 2, ['id=2', 'id=3']],
    ]);
  });

  it('is not broken by parents that are left out when the rows follow them', async () => {
    const followed = await scenario(
      `CREATE TABLE p (id INTEGER PRIMARY KEY, old INTEGER); INSERT INTO p VALUES (1, 0), (2, 1);
       CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p); INSERT INTO c VALUES (1, 1), (2, 2), (3, NULL);`,
      'CREATE TABLE p (id integer PRIMARY KEY, old integer); CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p);',
    );
    const where = { p: { where: [{ column: 'old', op: 'eq', value: 0 }] } };
    const lost = await followed.import({ mapping: mapping('lost', where), dryRun: true });
    expect(lost.exitCode).toBe(3);
    expect(orphans(lost.findings)).toEqual([['parent-left-out', 'c', undefined, 1, ['id=2']]]);
    const cut = mapping('cut', { ...where, c: { columns: { p: { policies: ['null'] } } } });
    expect(await followed.import({ mapping: cut })).toMatchObject({ exitCode: 0 });
    expect(await followed.rows('SELECT id, p FROM c ORDER BY id')).toEqual([
      { id: 1, p: 1 },
      { id: 2, p: null },
      { id: 3, p: null },
    ]);
  });

  it('holds between keys that a mapping makes uuids of, and names what has none', async () => {
    const keyed = await scenario(
      `CREATE TABLE p (id TEXT PRIMARY KEY); INSERT INTO p VALUES ('a'), ('b');
       CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT REFERENCES p, q TEXT);
       INSERT INTO c VALUES (1, 'a', 'b'), (2, 'b', NULL), (3, NULL, 'x');`,
      'CREATE TABLE p (id uuid PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p uuid REFERENCES p, q uuid REFERENCES p);',
    );
    const file = mapping('uuids', {
      p: { columns: { id: { convert: { uuid_v5: 'dns' } } } },
      c: { columns: { q: { convert: { uuid_v5: 'dns' } } } },
    });
    const { findings } = await keyed.import({ mapping: file });
    expect(orphans(findings)).toEqual([['orphan', 'c', 'c_q_fkey', 1, ['id=3']]]);
  });

  it('is held against what stands in for NULL', async () => {
    const filled = await scenario(
      `CREATE TABLE p (id TEXT PRIMARY KEY); INSERT INTO p VALUES ('a');
       CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT REFERENCES p); INSERT INTO c VALUES (1, 'a'), (2, NULL);`,
      'CREATE TABLE p (id text PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p text NOT NULL REFERENCES p);',
    );
    const file = mapping('filled', { c: { columns: { p: { convert: { if_null: 'none' } } } } });
    const { findings } = await filled.import({ mapping: file });
    expect(orphans(findings)).toEqual([['orphan', 'c', 'c_p_fkey', 1, ['id=2']]]);
  });
});

describe('a foreign key to a table that nothing is loaded into', () => {
  const SOURCE = `CREATE TABLE child (id INTEGER PRIMARY KEY, role TEXT, parent INTEGER);
    INSERT INTO child VALUES (1, 'admin', NULL), (2, 'guest', 5), (3, NULL, 5);`;
  const TARGET = `CREATE SCHEMA other; CREATE TABLE other.parent (id integer PRIMARY KEY);
    CREATE TABLE role (name text PRIMARY KEY); INSERT INTO role VALUES ('admin');
    CREATE TABLE child (id integer PRIMARY KEY, role text REFERENCES role, parent integer REFERENCES other.parent);`;

  it('is held against the rows that the target has', async () => {
    const seeded = await scenario(SOURCE, TARGET);
    const { exitCode, findings } = await seeded.import();
    expect(exitCode).toBe(3);
    expect(orphans(findings)).toEqual([
      ['orphan', 'child', 'child_parent_fkey', 2, ['id=2', 'id=3']],
      ['orphan', 'child', 'child_role_fkey', 1, ['id=2']],
    ]);
    expect(await seeded.rows('SELECT * FROM child')).toEqual([]);
  });

  it('loads when the parents are there', async () => {
    const seeded = await scenario(
      SOURCE,
      `${TARGET} INSERT INTO role VALUES ('guest'); INSERT INTO other.parent VALUES (5);`,
    );
    expect(await seeded.import()).toMatchObject({ exitCode: 0 });
  });

  it('says nothing of rows that are orphans of the source already', async () => {
    const dangling = await scenario(
      `PRAGMA foreign_keys = OFF; CREATE TABLE child (id INTEGER PRIMARY KEY, role TEXT REFERENCES role); INSERT INTO child VALUES (1, 'x');`,
      'CREATE TABLE role (name text PRIMARY KEY); CREATE TABLE child (id integer PRIMARY KEY, role text REFERENCES role);',
    );
    const { findings } = await dangling.import();
    expect(orphans(findings)).toEqual([['orphan', 'child', '(role) → role ()', 1, ['id=1']]]);
  });
});
