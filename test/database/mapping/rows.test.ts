import { beforeAll, describe, expect, it } from 'vitest';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import type { ImportOutcome } from '../../support/in-process.ts';
import { mappingFile } from '../../support/mapping.ts';
import { IMPORTERS, createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** `column change total: row keys`, a line for each entry of the ledger. */
function ledgerOf({ report }: ImportOutcome): string[] {
  return (report?.ledger ?? []).map(
    ({ table, column, change, total, examples }) =>
      `${table}.${column ?? '*'} ${change} ${total}: ${examples.map(({ rowKey }) => rowKey).join(' ')}`,
  );
}

/** `table: loaded + left out, state` of each table. */
function tablesOf({ report }: ImportOutcome): string[] {
  return (report?.tables ?? []).map(
    ({ source, rowCount, rowsLeftOut, state }) =>
      `${source}: ${rowCount} + ${rowsLeftOut}, ${state}`,
  );
}

/** `code table.column total: row keys` of each finding. */
function findingsOf({ findings }: ImportOutcome): string[] {
  return findings.map(
    ({ code, where, total, examples }) =>
      `${code} ${where.table ?? ''}.${where.column ?? ''} ${total}: ${examples.map(({ rowKey }) => rowKey).join(' ')}`,
  );
}

const skipRow = { policies: ['skip_row'] } as const;
const cut = { policies: ['null'] } as const;
type Columns = NonNullable<MappingFile['tables'][string]['columns']>;
const columns = (said: Record<string, typeof skipRow | typeof cut>): Columns =>
  Object.fromEntries(
    Object.entries(said).map(([name, { policies }]) => [name, { policies: [...policies] }]),
  );

describe('rows that the conditions leave out', () => {
  const SOURCE = `
    CREATE TABLE users (id INTEGER PRIMARY KEY, deleted INTEGER, seen INTEGER AS (deleted + 10) STORED);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users);
    CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders, amount);
    CREATE TABLE parts (id INTEGER PRIMARY KEY, item_id INTEGER REFERENCES items);
    INSERT INTO users VALUES (1, 0), (2, 1), (3, NULL), (4, 0);
    INSERT INTO orders VALUES (1, 1), (2, 2), (3, 4), (4, 2);
    INSERT INTO items VALUES (1, 1, 5), (2, 2, 5), (3, 4, 'x'), (4, 3, 'x'), (5, NULL, 5);
    INSERT INTO parts VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5);`;
  const TARGET = `
    CREATE TABLE users (id int PRIMARY KEY, deleted int, seen int);
    CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users);
    CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders, amount int);
    CREATE TABLE parts (id int PRIMARY KEY, item_id int REFERENCES items);`;
  const users = { where: [{ column: 'seen', op: 'ne', value: 11 } as const] };
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await createScenario(folder, { source: SOURCE, target: TARGET });
  });

  it('stop the import when others refer to them, each of which is named', async () => {
    const outcome = await scenario.import({
      mapping: mappingFile(folder, { users, items: { columns: columns({ amount: cut }) } }),
    });
    expect(outcome.exitCode).toBe(3);
    expect(findingsOf(outcome)).toEqual(['parent-left-out orders.user_id 2: id=2 id=4']);
    expect(outcome.findings[0]).toMatchObject({
      message: 'rows refer to rows of users that the mapping leaves out',
      examples: [
        { line: 2, detail: 'user_id=2 refers to a row of users that is left out' },
        { line: 4 },
      ],
    });
    expect(await scenario.rows('SELECT * FROM users')).toEqual([]);
  });

  it('take others along by the policy skip_row, however deep, and only the policy null stops that', async () => {
    const outcome = await scenario.import({
      mapping: mappingFile(folder, {
        users,
        orders: { columns: columns({ user_id: skipRow }) },
        items: { columns: columns({ order_id: skipRow, amount: skipRow }) },
        parts: { columns: columns({ item_id: cut }) },
      }),
    });
    expect(findingsOf(outcome)).toEqual([]);
    expect(outcome.exitCode).toBe(0);
    expect(ledgerOf(outcome)).toEqual([
      'users.* where 1: id=2',
      'orders.user_id skip_row 2: id=2 id=4',
      'items.order_id skip_row 1: id=2',
      'items.amount skip_row 2: id=3 id=4',
      'parts.item_id null 3: id=2 id=3 id=4',
    ]);
    expect(tablesOf(outcome).toSorted()).toEqual([
      'items: 2 + 3, committed',
      'orders: 2 + 2, committed',
      'parts: 5 + 0, committed',
      'users: 3 + 1, committed',
    ]);
    expect(await scenario.rows('SELECT id, item_id FROM parts ORDER BY id')).toEqual([
      { id: 1, item_id: 1 },
      { id: 2, item_id: null },
      { id: 3, item_id: null },
      { id: 4, item_id: null },
      { id: 5, item_id: 5 },
    ]);
  });

  it('stay out in a dry run, with --truncate and with --append', async () => {
    const mapping = mappingFile(folder, {
      users,
      orders: { columns: columns({ user_id: skipRow }) },
      items: { columns: columns({ order_id: skipRow, amount: skipRow }) },
      parts: { skip: 'not needed' },
    });
    const fresh = await createScenario(folder, { source: SOURCE, target: TARGET });
    const tried = await fresh.import({ mapping, dryRun: true });
    expect(tried.exitCode).toBe(0);
    expect(tablesOf(tried).toSorted()).toEqual([
      'items: 2 + 3, rolled-back',
      'orders: 2 + 2, rolled-back',
      'users: 3 + 1, rolled-back',
    ]);
    expect(await fresh.rows('SELECT * FROM users')).toEqual([]);
    expect((await fresh.import({ mapping })).exitCode).toBe(0);
    const truncated = await fresh.import({ mapping, truncate: true });
    expect(truncated.report?.tables.map(({ rowsAfter }) => rowsAfter)).toEqual([3, 2, 2]);
    const appended = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} INSERT INTO users VALUES (100); INSERT INTO orders VALUES (100, 100);`,
    });
    const outcome = await appended.import({ mapping, append: true });
    expect(outcome.exitCode).toBe(0);
    expect(
      outcome.report?.tables.map(({ rowsBefore, rowsAfter }) => [rowsBefore, rowsAfter]),
    ).toEqual([
      [1, 4],
      [1, 3],
      [0, 2],
    ]);
  });

  it('do not lead astray to which line a row that PostgreSQL refuses belongs', async () => {
    const refusing = await createScenario(folder, {
      source: `CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT, kept INTEGER);
               INSERT INTO t VALUES (10, 'a', 0), (20, 'a', 1), (30, 'x', 1), (40, 'b', 0), (50, 'A', 1);`,
      target: `CREATE TABLE t (id int PRIMARY KEY, code text, kept int,
                 EXCLUDE USING btree (lower(code) WITH =));`,
    });
    const outcome = await refusing.import({
      mapping: mappingFile(folder, {
        t: {
          where: [
            { column: 'kept', op: 'eq', value: 1 },
            { column: 'code', op: 'ne', value: 'x' },
          ],
        },
      }),
    });
    expect(outcome.exitCode).toBe(3);
    expect(outcome.findings.filter(({ severity }) => severity === 'blocking')).toMatchObject([
      { code: 'row-rejected', where: { table: 't' }, examples: [{ line: 5, rowKey: 'id=50' }] },
    ]);
  });
});

describe.each(IMPORTERS)('imported by a %s', (importer) => {
  it('rows of a table that refers to itself go with those that come later', async () => {
    const scenario = await createScenario(folder, {
      importer,
      source: `CREATE TABLE staff (id INTEGER PRIMARY KEY, boss_id INTEGER REFERENCES staff, gone INTEGER);
               INSERT INTO staff VALUES (1, 2, 0), (2, 5, 0), (3, 4, 0), (4, NULL, 0), (5, 4, 1), (6, 6, 0);`,
      target: `CREATE TABLE staff (id int PRIMARY KEY, boss_id int REFERENCES staff, gone int);`,
    });
    const where = [{ column: 'gone', op: 'eq', value: 0 } as const];
    const named = await scenario.import({ mapping: mappingFile(folder, { staff: { where } }) });
    expect(findingsOf(named)).toEqual(['parent-left-out staff.boss_id 1: id=2']);
    const along = await scenario.import({
      mapping: mappingFile(folder, { staff: { where, columns: columns({ boss_id: skipRow }) } }),
    });
    expect(ledgerOf(along)).toEqual([
      'staff.boss_id skip_row 2: id=1 id=2',
      'staff.* where 1: id=5',
    ]);
    expect(tablesOf(along)).toEqual(['staff: 3 + 3, committed']);
    const kept = await scenario.import({
      truncate: true,
      mapping: mappingFile(folder, { staff: { where, columns: columns({ boss_id: cut }) } }),
    });
    expect(ledgerOf(kept)).toEqual(['staff.boss_id null 1: id=2', 'staff.* where 1: id=5']);
    expect(await scenario.rows('SELECT id, boss_id FROM staff ORDER BY id')).toEqual([
      { id: 1, boss_id: 2 },
      { id: 2, boss_id: null },
      { id: 3, boss_id: 4 },
      { id: 4, boss_id: null },
      { id: 6, boss_id: 6 },
    ]);
  });

  it('rows of tables that refer to each other go with those that come later', async () => {
    const scenario = await createScenario(folder, {
      importer,
      source: `CREATE TABLE clubs (id INTEGER PRIMARY KEY, head_id INTEGER REFERENCES people, open INTEGER);
               CREATE TABLE people (id INTEGER PRIMARY KEY, club_id INTEGER REFERENCES clubs, age);
               INSERT INTO clubs VALUES (1, 1, 1), (2, 2, 1), (3, NULL, 0), (4, 3, 1);
               INSERT INTO people VALUES (1, 2, 'old'), (2, 1, 30), (3, 3, 30), (4, 4, 30), (5, NULL, 30);`,
      target: `CREATE TABLE people (id int PRIMARY KEY, club_id int, age int);
               CREATE TABLE clubs (id int PRIMARY KEY, head_id int REFERENCES people, open int);
               ALTER TABLE people ADD FOREIGN KEY (club_id) REFERENCES clubs;`,
    });
    const outcome = await scenario.import({
      mapping: mappingFile(folder, {
        clubs: {
          where: [{ column: 'open', op: 'eq', value: 1 }],
          columns: columns({ head_id: skipRow }),
        },
        people: { columns: columns({ club_id: skipRow, age: skipRow }) },
      }),
    });
    expect(findingsOf(outcome)).toEqual([]);
    expect(ledgerOf(outcome).toSorted()).toEqual(
      [
        'clubs.* where 1: id=3',
        'clubs.head_id skip_row 3: id=1 id=2 id=4',
        'people.age skip_row 1: id=1',
        'people.club_id skip_row 3: id=2 id=3 id=4',
      ].toSorted(),
    );
    expect(await scenario.rows('SELECT id FROM people')).toEqual([{ id: 5 }]);
    expect(await scenario.rows('SELECT id FROM clubs')).toEqual([]);
  });
});

describe('rows without a parent in the source', () => {
  const SOURCE = `
    CREATE TABLE users (id INTEGER PRIMARY KEY);
    CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, state TEXT);
    CREATE TABLE likes (id INTEGER PRIMARY KEY, post_id INTEGER REFERENCES posts);
    INSERT INTO users VALUES (1);
    INSERT INTO sessions VALUES (1, 1), (2, 77);
    INSERT INTO posts VALUES (1, 1, 'ok'), (2, 78, 'ok'), (3, 79, 'spam');
    INSERT INTO likes VALUES (1, 1), (2, 2), (3, 99);`;
  const TARGET = `
    CREATE TABLE users (id int PRIMARY KEY);
    CREATE TABLE sessions (id int PRIMARY KEY, user_id int REFERENCES users);
    CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users, state text);
    CREATE TABLE likes (id int PRIMARY KEY, post_id int REFERENCES posts);`;
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await createScenario(folder, { source: SOURCE, target: TARGET });
  });

  it('stop the import where the mapping does not speak of them', async () => {
    const outcome = await scenario.import({ mapping: mappingFile(folder, {}) });
    expect(outcome.exitCode).toBe(3);
    expect(findingsOf(outcome)).toEqual([
      'orphan posts.user_id 2: id=2 id=3',
      'orphan likes.post_id 1: id=3',
      'orphan sessions.user_id 1: id=2',
    ]);
  });

  it('are no matter in a table, a row or a column that is left out, and policies answer them', async () => {
    const outcome = await scenario.import({
      mapping: mappingFile(folder, {
        sessions: { skip: 'everybody logs in again' },
        posts: {
          where: [{ column: 'state', op: 'ne', value: 'spam' }],
          columns: columns({ user_id: skipRow }),
        },
        likes: { columns: columns({ post_id: cut }) },
      }),
    });
    expect(findingsOf(outcome)).toEqual([
      'mapping-skips-table sessions. 1: ',
      'target-table-not-filled . 1: ',
    ]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.report?.ledger).toEqual([
      {
        table: 'posts',
        column: 'user_id',
        change: 'skip_row',
        total: 1,
        examples: [
          {
            rowKey: 'id=2',
            line: 2,
            detail: 'user_id=78 refers to a row of users that does not exist',
          },
        ],
      },
      {
        table: 'posts',
        column: null,
        change: 'where',
        total: 1,
        examples: [{ rowKey: 'id=3', line: 3 }],
      },
      {
        table: 'likes',
        column: 'post_id',
        change: 'null',
        total: 2,
        examples: [
          {
            rowKey: 'id=2',
            line: 2,
            detail: 'post_id=2 refers to a row of posts that is left out',
          },
          {
            rowKey: 'id=3',
            line: 3,
            detail: 'post_id=99 refers to a row of posts that does not exist',
          },
        ],
      },
    ]);
    expect(await scenario.rows('SELECT id, post_id FROM likes ORDER BY id')).toEqual([
      { id: 1, post_id: 1 },
      { id: 2, post_id: null },
      { id: 3, post_id: null },
    ]);
  });
});

describe('a table that is skipped', () => {
  const SOURCE = `
    CREATE TABLE users (id INTEGER PRIMARY KEY);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users);
    INSERT INTO users VALUES (1), (2);
    INSERT INTO posts VALUES (1, 1), (2, 2);`;
  const TARGET = `
    CREATE TABLE users (id int PRIMARY KEY);
    CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users);`;
  const users = { skip: 'loaded from elsewhere' };

  it('may be referred to where the target has the rows already', async () => {
    const scenario = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} INSERT INTO users VALUES (1), (2);`,
    });
    const mapping = mappingFile(folder, { users, posts: { columns: columns({ user_id: cut }) } });
    const outcome = await scenario.import({ mapping });
    expect(outcome.exitCode).toBe(0);
    expect(ledgerOf(outcome)).toEqual([]);
    expect(await scenario.rows('SELECT count(user_id)::int AS n FROM posts')).toEqual([{ n: 2 }]);
  });

  it('leaves orphans that the target does not take, unless the reference is dropped', async () => {
    const scenario = await createScenario(folder, { source: SOURCE, target: TARGET });
    const refused = await scenario.import({ mapping: mappingFile(folder, { users }) });
    expect(refused.exitCode).toBe(3);
    const blocking = refused.findings.filter(({ severity }) => severity === 'blocking');
    expect(blocking.map(({ code, where, total }) => `${code} ${where.table} ${total}`)).toEqual([
      'orphan posts 2',
    ]);
    expect(await scenario.rows('SELECT * FROM posts')).toEqual([]);
    const dropped = { columns: { user_id: { drop: 'nobody is there' } } };
    const outcome = await scenario.import({
      mapping: mappingFile(folder, { users, posts: dropped }),
    });
    expect(outcome.exitCode).toBe(0);
    expect(await scenario.rows('SELECT user_id FROM posts')).toEqual([
      { user_id: null },
      { user_id: null },
    ]);
  });
});
