import { beforeAll, describe, expect, it } from 'vitest';
import { compareInProcess } from '../../support/comparison.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createLoadedScenario, createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT, role TEXT, nul TEXT, bytes TEXT, money REAL, day TEXT,
    short TEXT, small INTEGER, deleted INTEGER);
  INSERT INTO users VALUES
    (1, '  A@X.ORG ', 'admin', 'a' || char(0) || 'b', CAST(x'61ff' AS TEXT), 1.256, '2024-01-02T03:04:05Z', 'abcdef', 1, 0),
    (2, '', 'guest', 'ab', 'ab', 1.25, '2024-01-02', 'abc', 2, 0),
    (3, 'c@x', 'admin', '', '', 0, '2024-01-03', '', 40000, 0),
    (4, 'gone@x', 'admin', '', '', 0, '2024-01-03', '', 4, 1),
    (5, NULL, 'guest', NULL, NULL, NULL, NULL, NULL, NULL, 0),
    (6, 'x', 'guest', NULL, NULL, 99999, NULL, NULL, NULL, 0);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), total REAL);
  INSERT INTO orders VALUES (10, 1, 1), (11, 4, 2), (12, 3, 3), (13, NULL, 4);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
  INSERT INTO notes VALUES (1, 4), (2, 1);
  CREATE TABLE junk (a TEXT); INSERT INTO junk VALUES ('x');`;

const TARGET = `
  CREATE TYPE role AS ENUM ('ADMIN', 'GUEST');
  CREATE TABLE people (id uuid PRIMARY KEY, email text NOT NULL, role role, nul text, bytes text,
    money numeric(5, 2), day date, short varchar(3), small smallint, origin text, made timestamptz DEFAULT now());
  CREATE TABLE orders (id integer PRIMARY KEY, user_id uuid REFERENCES people (id), total numeric);
  CREATE TABLE notes (id integer PRIMARY KEY, user_id uuid REFERENCES people (id));`;

function mapping(): string {
  return mappingFile(
    folder,
    {
      users: {
        target: 'people',
        where: [{ column: 'deleted', op: 'eq', value: 0 }],
        columns: {
          id: { convert: { uuid_v5: 'users' } },
          mail: {
            target: 'email',
            convert: ['trim', 'lower_case', 'empty_to_null', { if_null: 'nobody' }],
          },
          role: { convert: { values: { admin: 'ADMIN', guest: 'GUEST' } } },
          nul: { policies: ['strip_nul'] },
          bytes: { policies: ['replace_invalid_utf8'] },
          money: { policies: ['round', 'skip_row'] },
          day: { policies: ['truncate'] },
          short: { policies: ['truncate'] },
          small: { policies: ['null'] },
          deleted: { drop: 'not needed' },
        },
        add: { origin: { constant: 'sqlite' }, made: { default: true } },
      },
      orders: { columns: { user_id: { policies: ['skip_row'] } } },
      notes: { columns: { user_id: { policies: ['null'] } } },
      junk: { skip: 'not needed' },
    },
    { namespaces: { users: '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90' } },
  );
}

describe('a load by a mapping with every policy', () => {
  let scenario: Scenario;
  let file: string;
  beforeAll(async () => {
    file = mapping();
    scenario = await createLoadedScenario(
      folder,
      { source: SOURCE, target: TARGET },
      { mapping: file },
    );
  });

  it.each(['file', 'journal'] as const)(
    'equals the archive by the mapping of the %s; what it changed is counted apart',
    async (from) => {
      const outcome = await compareInProcess(
        scenario.artifact,
        scenario.url,
        from === 'file' ? { mapping: file } : {},
      );
      expect([outcome.differences, outcome.exitCode]).toEqual([[], 0]);
      expect(outcome.comparison.mappingFrom).toBe(from);
      expect(
        outcome.comparison.tables.map((table) => [
          table.target,
          table.rowsEqual,
          table.rowsLeftOut,
        ]),
      ).toEqual([
        ['people', 4, 2],
        ['notes', 2, 0],
        ['orders', 3, 1],
      ]);
      const kinds = new Set(outcome.ledger.map(({ change }) => change));
      expect([...kinds].toSorted()).toEqual(
        'empty_to_null if_null lower_case null replace_invalid_utf8 round skip_row strip_nul trim truncate uuid_v5 values where'.split(
          ' ',
        ),
      );
      expect(outcome.findings.map(({ code }) => code)).toContain('mapping-skips-table');
      expect(outcome.table('people').columns).not.toContain('made');
    },
  );

  it('shows what changed since, and not what the mapping changed', async () => {
    await scenario.rows(`UPDATE people SET email = 'other' WHERE email = 'a@x.org'; UPDATE people SET made = now();
      INSERT INTO orders VALUES (11, NULL, 2)`);
    const { differences } = await compareInProcess(scenario.artifact, scenario.url);
    const [changed] = await scenario.rows(`SELECT id FROM people WHERE email = 'other'`);
    expect(differences).toEqual([
      `people different id="${String(changed?.['id'])}": email`,
      'orders extra id=11',
    ]);
  });

  it('is refused by a mapping that does not fit the archive', async () => {
    const wrong = mappingFile(folder, { nowhere: { skip: 'x' } });
    await expect(
      compareInProcess(scenario.artifact, scenario.url, { mapping: wrong }),
    ).rejects.toMatchObject({ code: 'mapping-invalid' });
  });

  it('is compared without a mapping where the last import of this artifact had none', async () => {
    const other = await createScenario(folder, {
      source: 'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)',
      target: 'CREATE TABLE t (id integer PRIMARY KEY)',
    });
    await other.import();
    const { comparison } = await compareInProcess(other.artifact, other.url);
    expect([comparison.mappingFrom, comparison.run]).toEqual(['none', null]);
  });
});
