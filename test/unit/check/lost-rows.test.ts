import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowJudge } from '../../../scripts/lib/check/judge.ts';
import { LostRows } from '../../../scripts/lib/check/lost-rows.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { FindingCollector } from '../../../scripts/lib/model/findings.ts';
import { Ledger } from '../../../scripts/lib/model/ledger.ts';
import { describeValue } from '../../../scripts/lib/model/row-key.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { readRows } from '../../../scripts/lib/source/rows.ts';
import { asManifestTable, targetColumn, targetTable } from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

/**
 * What a mapping leaves out of the database that this script makes, its tables judged in this order:
 * `table rowKey column change: detail` of each entry of the ledger, and `table rowKey code` of each
 * finding. The first column of every table is its key.
 */
async function judge(
  sql: string,
  order: readonly string[],
  tables: MappingFile['tables'],
): Promise<{ readonly ledger: string[]; readonly findings: string[]; readonly again: boolean }> {
  const db = memoryDatabase(sql);
  const introspected = introspectSource(db).tables;
  const ordered = order.flatMap((name) => introspected.filter((table) => table.name === name));
  const rowsOf = (name: string): Row[] =>
    ordered
      .filter((table) => table.name === name)
      .flatMap((table) => [...readRows(db, table, 'bytes', 'UTF-8')].map((row) => [...row]));
  const { plans } = planned(
    ordered.map((table, index) => asManifestTable(table, index + 1)),
    ordered.map((table) =>
      targetTable(
        table.name,
        table.columns.map(({ name }) => targetColumn(name, name === 'n' ? 'int2' : 'text')),
      ),
    ),
    { mapping: mappingOf(tables) },
  );
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const lostRows = new LostRows(plans);
  await lostRows.prepare((name) => [rowsOf(name)]);
  const isLoaded: boolean[] = [];
  for (const plan of plans) {
    const { look } = rowJudge({ plan, findings, ledger, lostRows });
    for (const row of rowsOf(plan.source.name)) {
      isLoaded.push(look(row, { rowKey: describeValue(row[0] ?? null) }) !== null);
    }
  }
  // The load asks again, when everything is known.
  const again = plans.flatMap((plan) => {
    const { look } = rowJudge({
      plan,
      findings: new FindingCollector(),
      ledger: new Ledger(),
      lostRows,
    });
    return rowsOf(plan.source.name).map((row) => look(row, {}) !== null);
  });
  lostRows.close();
  db.close();
  return {
    ledger: ledger
      .list()
      .flatMap(({ table, column, change, examples }) =>
        examples.map(({ rowKey, detail }) =>
          [
            `${table} ${rowKey} ${column ?? '-'} ${change}`,
            ...(detail === undefined ? [] : [detail]),
          ].join(': '),
        ),
      ),
    findings: findings
      .list()
      .flatMap(({ code, where, examples }) =>
        examples.map(({ rowKey }) => `${where.table} ${rowKey} ${code}`),
      ),
    again: JSON.stringify(again) === JSON.stringify(isLoaded),
  };
}

const leftOut = (key: string, table: string): string =>
  `${key} refers to a row of ${table} that is left out`;
const absent = (key: string, table: string): string =>
  `${key} refers to a row of ${table} that does not exist`;

describe('rows whose parent is left out', () => {
  const sql = `
    CREATE TABLE a (id INTEGER PRIMARY KEY, state TEXT);
    CREATE TABLE b (id INTEGER PRIMARY KEY, a_id REFERENCES a);
    CREATE TABLE c (id INTEGER PRIMARY KEY, b_id REFERENCES b, n);
    INSERT INTO a VALUES (1, 'old'), (2, 'new');
    INSERT INTO b VALUES (1, 1), (2, 2), (3, NULL), (4, '1');
    INSERT INTO c VALUES (1, 1, 5), (2, 2, 5), (3, 4, 'x'), (4, NULL, 5)`;
  const order = ['a', 'b', 'c'];
  const a = { where: [{ column: 'state', op: 'ne', value: 'old' }] } as const;
  const where = [...a.where];

  it('are named, whatever affinity their column has', async () => {
    const { ledger, findings, again } = await judge(sql, order, { a: { where } });
    expect(ledger).toEqual(['a 1 - where']);
    expect(findings).toEqual(['b 1 parent-left-out', 'b 4 parent-left-out', 'c 3 value-format']);
    expect(again).toBe(true);
  });

  it('go with it where the column has the policy skip_row, and theirs with them', async () => {
    const { ledger, findings, again } = await judge(sql, order, {
      a: { where },
      b: { columns: { a_id: { policies: ['skip_row'] } } },
      c: { columns: { b_id: { policies: ['skip_row'] } } },
    });
    expect(ledger).toEqual([
      'a 1 - where',
      `b 1 a_id skip_row: ${leftOut('a_id=1', 'a')}`,
      `b 4 a_id skip_row: ${leftOut('a_id="1"', 'a')}`,
      `c 1 b_id skip_row: ${leftOut('b_id=1', 'b')}`,
      `c 3 b_id skip_row: ${leftOut('b_id=4', 'b')}`,
    ]);
    expect(findings).toEqual([]);
    expect(again).toBe(true);
  });

  it('lose the reference where the column has the policy null, and theirs stay', async () => {
    const { ledger, findings, again } = await judge(sql, order, {
      a: { where },
      b: { columns: { a_id: { policies: ['null'] } } },
      c: { columns: { n: { policies: ['skip_row'] } } },
    });
    expect(ledger).toEqual([
      'a 1 - where',
      `b 1 a_id null: ${leftOut('a_id=1', 'a')}`,
      `b 4 a_id null: ${leftOut('a_id="1"', 'a')}`,
      expect.stringMatching(/^c 3 n skip_row: "x" is not /),
    ]);
    expect(findings).toEqual([]);
    expect(again).toBe(true);
  });

  it('are no matter where the reference itself is dropped', async () => {
    const { findings } = await judge(sql, order, {
      a: { where },
      b: { columns: { a_id: { drop: 'old' } } },
      c: { columns: { n: { drop: 'old' } } },
    });
    expect(findings).toEqual([]);
  });

  it('are the target’s matter where the whole table is skipped', async () => {
    const { ledger, findings } = await judge(sql, order, {
      a: { skip: 'in the target already' },
      b: { columns: { a_id: { policies: ['null', 'skip_row'] } } },
      c: { columns: { n: { policies: ['null'] } } },
    });
    expect(ledger).toEqual(['c 3 n null']);
    expect(findings).toEqual([]);
  });

  it('are found by all columns of a composite key, compared by its collation', async () => {
    const { ledger } = await judge(
      `CREATE TABLE a (x TEXT COLLATE NOCASE, y INTEGER, PRIMARY KEY (x, y));
       CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT, y TEXT, FOREIGN KEY (x, y) REFERENCES a);
       INSERT INTO a VALUES ('K', 1), ('K', 2);
       INSERT INTO b VALUES (1, 'k', '1'), (2, 'k', '2'), (3, NULL, 1), (4, 'K', 1)`,
      ['a', 'b'],
      {
        a: { where: [{ column: 'y', op: 'gt', value: 1 }] },
        b: { columns: { y: { policies: ['skip_row'] } } },
      },
    );
    expect(ledger).toEqual([
      'a "K" - where',
      `b 1 y skip_row: ${leftOut('x="k", y="1"', 'a')}`,
      `b 4 y skip_row: ${leftOut('x="K", y="1"', 'a')}`,
    ]);
  });
});

describe('rows without a parent', () => {
  const sql = `
    CREATE TABLE a (id INTEGER PRIMARY KEY);
    CREATE TABLE b (id INTEGER PRIMARY KEY, a_id REFERENCES a, g REFERENCES gone);
    CREATE TABLE c (id INTEGER PRIMARY KEY, b_id REFERENCES b);
    INSERT INTO a VALUES (1);
    INSERT INTO b VALUES (1, 1, NULL), (2, 7, NULL), (3, NULL, 'x');
    INSERT INTO c VALUES (1, 1), (2, 2), (3, 3)`;

  it('are not this check’s matter where no policy answers', async () => {
    expect(await judge(sql, ['a', 'b', 'c'], {})).toMatchObject({ ledger: [], findings: [] });
  });

  it('are answered by the policies null and skip_row', async () => {
    const { ledger, findings, again } = await judge(sql, ['a', 'b', 'c'], {
      b: { columns: { a_id: { policies: ['skip_row'] }, g: { policies: ['null'] } } },
      c: { columns: { b_id: { policies: ['null'] } } },
    });
    expect(ledger).toEqual([
      `b 2 a_id skip_row: ${absent('a_id=7', 'a')}`,
      `b 3 g null: ${absent('g="x"', 'gone')}`,
      `c 2 b_id null: ${leftOut('b_id=2', 'b')}`,
    ]);
    expect(findings).toEqual([]);
    expect(again).toBe(true);
  });
});

/** Each row refers to the next one, so that what is left out is known last. */
function chain(length: number): string {
  return `CREATE TABLE t (id INTEGER PRIMARY KEY, next REFERENCES t, n);
     WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < ${length})
     INSERT INTO t SELECT i, iif(i < ${length}, i + 1, NULL), i FROM r`;
}

/** The condition that leaves the last row out. */
function last(length: number): MappingFile['tables'][string]['where'] {
  return [{ column: 'id', op: 'ne', value: length }];
}

describe('in a table that refers to itself', () => {
  it('rows are named when the one that they refer to comes later', async () => {
    const { ledger, findings, again } = await judge(chain(3), ['t'], { t: { where: last(3) } });
    expect({ ledger, findings, again }).toEqual({
      ledger: ['t 3 - where'],
      findings: ['t 2 parent-left-out'],
      again: true,
    });
  });

  it('lose the reference, or go with it, all of them', async () => {
    const cut = await judge(chain(3), ['t'], {
      t: { where: last(3), columns: { next: { policies: ['null'] } } },
    });
    expect(cut.ledger).toEqual([`t 2 next null: ${leftOut('next=3', 't')}`, 't 3 - where']);
    const gone = await judge(chain(4), ['t'], {
      t: { where: last(4), columns: { next: { policies: ['skip_row'] } } },
    });
    expect(gone.ledger).toEqual([
      ...[1, 2, 3].map((id) => `t ${id} next skip_row: ${leftOut(`next=${id + 1}`, 't')}`),
      't 4 - where',
    ]);
    expect([...cut.findings, ...gone.findings]).toEqual([]);
    expect([cut.again, gone.again]).toEqual([true, true]);
  });

  it('a chain of 20,000 rows is followed to its end', async () => {
    const { findings, again } = await judge(chain(20_000), ['t'], {
      t: { where: last(20_000), columns: { next: { policies: ['skip_row'] }, n: { drop: 'x' } } },
    });
    expect(findings).toEqual([]);
    expect(again).toBe(true);
  });

  it('a row that refers to nothing is answered as well, and one that refers to itself stays', async () => {
    const { ledger } = await judge(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, up REFERENCES t);
       INSERT INTO t VALUES (1, 1), (2, 9), (3, 2)`,
      ['t'],
      { t: { columns: { up: { policies: ['skip_row'] } } } },
    );
    expect(ledger).toEqual([
      `t 2 up skip_row: ${absent('up=9', 't')}`,
      `t 3 up skip_row: ${leftOut('up=2', 't')}`,
    ]);
  });
});

describe('in tables that refer to each other', () => {
  it('rows go with those that come later, and with those of tables before the cycle', async () => {
    const { ledger, findings, again } = await judge(
      `CREATE TABLE base (id INTEGER PRIMARY KEY, ok);
       CREATE TABLE x (id INTEGER PRIMARY KEY, y_id REFERENCES y, base_id REFERENCES base);
       CREATE TABLE y (id INTEGER PRIMARY KEY, x_id REFERENCES x);
       CREATE TABLE after (id INTEGER PRIMARY KEY, x_id REFERENCES x);
       INSERT INTO base VALUES (1, 1), (2, 0);
       INSERT INTO x VALUES (1, 1, 1), (2, 2, 1), (3, NULL, 2);
       INSERT INTO y VALUES (1, 2), (2, 3), (3, 1);
       INSERT INTO after VALUES (1, 1), (2, NULL)`,
      ['base', 'x', 'y', 'after'],
      {
        base: { where: [{ column: 'ok', op: 'eq', value: 1 }] },
        x: { columns: { y_id: { policies: ['skip_row'] }, base_id: { policies: ['skip_row'] } } },
        y: { columns: { x_id: { policies: ['skip_row'] } } },
        after: { columns: { x_id: { policies: ['null'] } } },
      },
    );
    expect(ledger).toEqual([
      'base 2 - where',
      `x 1 y_id skip_row: ${leftOut('y_id=1', 'y')}`,
      `x 2 y_id skip_row: ${leftOut('y_id=2', 'y')}`,
      `x 3 base_id skip_row: ${leftOut('base_id=2', 'base')}`,
      ...[2, 3, 1].map((x, at) => `y ${at + 1} x_id skip_row: ${leftOut(`x_id=${x}`, 'x')}`),
      `after 1 x_id null: ${leftOut('x_id=1', 'x')}`,
    ]);
    expect(findings).toEqual([]);
    expect(again).toBe(true);
  });

  it('exactly those rows are left out that cannot stay, in whatever order they come', async () => {
    const size = 6;
    const reference = fc.option(fc.integer({ min: 1, max: size + 1 }), { nil: null });
    const row = fc.record({ up: reference, other: reference, kept: fc.boolean() });
    const rows = fc.array(row, { minLength: size, maxLength: size });
    const policies = fc.constantFrom<('null' | 'skip_row')[]>(['null'], ['skip_row']);
    const scenario = fc.record({ x: rows, y: rows, up: policies, other: policies, back: policies });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ x, y, up, other, back }) => {
        const insert = (table: string, all: typeof x): string =>
          all
            .map(
              (one, index) =>
                `INSERT INTO ${table} VALUES (${index + 1}, ${one.up ?? 'NULL'}, ${one.other ?? 'NULL'}, ${one.kept ? 1 : 0});`,
            )
            .join('');
        const where = [{ column: 'kept', op: 'eq', value: 1 }] as const;
        const { ledger, again } = await judge(
          `CREATE TABLE x (id INTEGER PRIMARY KEY, up REFERENCES x, other REFERENCES y, kept);
           CREATE TABLE y (id INTEGER PRIMARY KEY, up REFERENCES y, other REFERENCES x, kept);
           ${insert('x', x)} ${insert('y', y)}`,
          ['x', 'y'],
          {
            x: { where: [...where], columns: { up: { policies: up }, other: { policies: other } } },
            y: { where: [...where], columns: { up: { policies: up }, other: { policies: back } } },
          },
        );
        const expected = lostRows({ x, y }, { x: { up, other }, y: { up, other: back } });
        const found = ledger.flatMap(
          (line) => /^([xy] \d+) \S+ (?:where|skip_row)/.exec(line)?.[1] ?? [],
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
        expect(again).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

interface ModelRow {
  readonly up: number | null;
  readonly other: number | null;
  readonly kept: boolean;
}
type Policies = Readonly<Record<'up' | 'other', readonly string[]>>;

/** The rows that are left out, found by trying again until nothing changes. */
function lostRows(
  tables: Readonly<Record<'x' | 'y', readonly ModelRow[]>>,
  policies: Readonly<Record<'x' | 'y', Policies>>,
): string[] {
  const lost = new Set<string>();
  const isThere = (parent: 'x' | 'y', id: number | null): boolean =>
    id === null || (id <= tables[parent].length && !lost.has(`${parent} ${id}`));
  const stays = (table: 'x' | 'y', row: ModelRow): boolean => {
    if (!row.kept) return false;
    const other = table === 'x' ? 'y' : 'x';
    const mayLose = (column: 'up' | 'other'): boolean => policies[table][column].includes('null');
    return (
      (mayLose('up') || isThere(table, row.up)) && (mayLose('other') || isThere(other, row.other))
    );
  };
  for (let size = -1; size !== lost.size;) {
    size = lost.size;
    for (const table of ['x', 'y'] as const) {
      for (const [index, row] of tables[table].entries()) {
        if (!stays(table, row)) lost.add(`${table} ${index + 1}`);
      }
    }
  }
  return [...lost];
}
