import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Database from 'better-sqlite3';
import { rowFilter } from '../../../scripts/lib/mapping/conditions.ts';
import type { Condition } from '../../../scripts/lib/mapping/file/schema.ts';
import type { SourceTable } from '../../../scripts/lib/model/source-catalog.ts';
import { MalformedText, type Row, type SqliteValue } from '../../../scripts/lib/model/values.ts';
import { readRows } from '../../../scripts/lib/source/rows.ts';
import { manifestColumn } from '../../support/catalogs.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';

/** Values of each storage class, as SQL; SQLite gives each the affinity of its column. */
const VALUES = `NULL -9223372036854775808 -1.5 0 1 1.5 2.0 9007199254740992 9007199254740993 9e999
  '' '1' '1.0' '01' '10' '2' '1e0' ' 2 ' 'A' 'a' 'b ' 'ä' '\uFFFD' '😀' x'' x'61' CAST(x'61ff'AS/**/TEXT)`;
const NUMBERS = [0, 1, 1.5, 2, -1, 2n ** 53n + 1n, -(2n ** 63n)];
const TEXTS = [
  '',
  '1',
  '1.0',
  '01',
  '2',
  ' 2 ',
  '1e0',
  '9'.repeat(20),
  'a',
  'A',
  'b',
  'b  ',
  'ä',
  '😀',
];
const LITERALS = [...NUMBERS, ...TEXTS];
const OPERATORS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;
const COLUMNS = [
  'TEXT',
  'INTEGER',
  'REAL',
  'NUMERIC',
  'BLOB',
  'TEXT COLLATE NOCASE',
  'COLLATE RTRIM',
];

function keeps(conditions: readonly Condition[], value: SqliteValue): boolean {
  const columns = [manifestColumn('other'), manifestColumn('c', { affinity: 'blob' })];
  return rowFilter(conditions, columns)?.(['x', value]) === true;
}

/** A whole number of the mapping is an INTEGER. */
function bound(literal: string | number | bigint): string | number | bigint {
  return Number.isInteger(literal) ? BigInt(literal) : literal;
}

describe('a comparison is that of SQLite', () => {
  let db: Database.Database;
  let tables: { readonly columns: SourceTable['columns']; readonly rows: readonly Row[] }[];
  beforeAll(() => {
    const statements = COLUMNS.map((type, index) => {
      const rows = VALUES.split(/\s+(?=(?:[^']*'[^']*')*[^']*$)/).map((value) => `(${value})`);
      return `CREATE TABLE t${index} (id INTEGER PRIMARY KEY, c ${type});
              INSERT INTO t${index} (c) VALUES ${rows.join()};`;
    });
    db = memoryDatabase(statements.join(''));
    tables = COLUMNS.map((_, index) => {
      const table = tableOf(db, `t${index}`);
      const rows = [...readRows(db, table, 'bytes', 'UTF-8')].map((row): Row => [...row]);
      return { columns: table.columns, rows };
    });
  });
  afterAll(() => {
    db.close();
  });

  /** The numbers of the rows that a condition keeps, and those that SQLite's WHERE gives. */
  function bothWays(
    index: number,
    condition: Condition,
    sql: string,
    values: readonly unknown[],
  ): { kept: unknown[]; given: unknown[] } {
    const { columns = [], rows = [] } = tables[index] ?? {};
    const filter = rowFilter([condition], columns);
    return {
      kept: rows.filter((row) => filter?.(row) === true).map(([id]) => id),
      given: db
        .prepare<unknown[], bigint>(`SELECT id FROM t${index} WHERE ${sql}`)
        .pluck()
        .all(...values),
    };
  }

  it.each(COLUMNS.map((type, index) => [type, index] as const))(
    'in a column declared %s, but that NULL differs from every value',
    (_, index) => {
      expect(tables[index]?.rows).toHaveLength(27);
      for (const literal of LITERALS) {
        for (const [op, operator] of Object.entries(OPERATORS)) {
          const orNull = op === 'ne' ? 'OR c IS NULL' : '';
          const condition = { column: 'c', op: op as keyof typeof OPERATORS, value: literal };
          const { kept, given } = bothWays(index, condition, `c ${operator} ? ${orNull}`, [
            bound(literal),
          ]);
          expect([op, literal, ...kept]).toEqual([op, literal, ...given]);
        }
      }
      const places = LITERALS.map(() => '?').join();
      const all = LITERALS.map(bound);
      const isIn = bothWays(
        index,
        { column: 'c', op: 'in', value: LITERALS },
        `c IN (${places})`,
        all,
      );
      expect(isIn.kept).toEqual(isIn.given);
      const isNot = bothWays(
        index,
        { column: 'c', op: 'not_in', value: LITERALS },
        `c NOT IN (${places}) OR c IS NULL`,
        all,
      );
      expect(isNot.kept).toEqual(isNot.given);
      const isNull = bothWays(index, { column: 'c', op: 'is_null' }, 'c IS NULL', []);
      expect(isNull.kept).toEqual(isNull.given);
      const isNotNull = bothWays(index, { column: 'c', op: 'is_not_null' }, 'c IS NOT NULL', []);
      expect(isNotNull.kept).toEqual(isNotNull.given);
    },
  );
});

describe('conditions', () => {
  it('are no filter when there are none', () => {
    expect(rowFilter([], [manifestColumn('c')])).toBeNull();
  });

  it('must all hold', () => {
    const conditions: Condition[] = [
      { column: 'c', op: 'ge', value: 1 },
      { column: 'c', op: 'lt', value: 2 },
    ];
    expect([0n, 1n, 1.5, 2n].map((value) => keeps(conditions, value))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('take a collation that only the application knows for that of the bytes', () => {
    const column = manifestColumn('c', { collation: null });
    const filter = rowFilter([{ column: 'c', op: 'eq', value: 'A' }], [column]);
    expect(['a', 'A', 'A '].map((value) => filter?.([value]))).toEqual([false, true, false]);
  });

  it('see malformed text as its bytes, between other texts', () => {
    const malformed = new MalformedText(new Uint8Array([0x61, 0xff]));
    expect(keeps([{ column: 'c', op: 'gt', value: 'a' }], malformed)).toBe(true);
    expect(keeps([{ column: 'c', op: 'lt', value: 'b' }], malformed)).toBe(true);
    expect(keeps([{ column: 'c', op: 'eq', value: 'a' }], malformed)).toBe(false);
    expect(keeps([{ column: 'c', op: 'gt', value: 1 }], malformed)).toBe(true);
  });
});
