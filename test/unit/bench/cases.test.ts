import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { BENCH_CASES } from '../../../scripts/lib/bench/cases/index.ts';
import { ordersCase } from '../../../scripts/lib/bench/cases/orders.ts';
import type { CaseTable } from '../../../scripts/lib/bench/cases/shape.ts';
import { prismaSchema } from '../../../scripts/lib/bench/dataset/prisma-schema.ts';
import { fillDatabase } from '../../../scripts/lib/bench/dataset/sqlite.ts';
import { silentProgress } from '../../../scripts/lib/model/progress.ts';
import { quoteIdentifier } from '../../../scripts/lib/model/sql.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const SMALL = 0.005;

async function build(name: string, tables: readonly CaseTable[], seed: number): Promise<string> {
  const file = join(folder, name);
  const { signal } = new AbortController();
  await fillDatabase(file, tables, seed, { activity: silentProgress.start('', null), signal });
  return file;
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function countRows(tables: readonly CaseTable[]): number {
  return tables.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

describe.each(BENCH_CASES)('the case $name', ({ name, tables }) => {
  const small = tables(SMALL);

  it('is a sound database with the rows that it says', async () => {
    const database = new BetterSqlite3(await build(`${name}.db`, small, 1), { readonly: true });
    try {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
      for (const table of small) {
        const count = `SELECT count(*) FROM ${quoteIdentifier(table.name)}`;
        expect([table.name, database.prepare(count).pluck().get()]).toEqual([
          table.name,
          table.rowCount,
        ]);
      }
    } finally {
      database.close();
    }
  });

  it('has the same bytes when it is built again, and others from another seed', async () => {
    const [first, again, other] = [
      await build(`${name}-1.db`, small, 7),
      await build(`${name}-2.db`, small, 7),
      await build(`${name}-3.db`, small, 8),
    ];
    expect(sha256(again)).toBe(sha256(first));
    expect(sha256(other)).not.toBe(sha256(first));
  });

  it('grows with the scale', () => {
    expect(countRows(tables(1)) / countRows(tables(0.1))).toBeCloseTo(10, 1);
  });
});

it('the case orders has about 1.7 million rows in eight tables at scale 1', () => {
  const tables = ordersCase.tables(1);
  expect(tables).toHaveLength(8);
  expect(countRows(tables)).toBe(1_732_030);
});

it('a text never is empty, for CSV would take it for NULL', async () => {
  for (const { name, tables } of BENCH_CASES) {
    const small = tables(SMALL);
    const database = new BetterSqlite3(await build(`texts-${name}.db`, small, 3), {
      readonly: true,
    });
    for (const table of small) {
      const isEmpty = table.columns.map((column) => `${quoteIdentifier(column.name)} = ''`);
      const count = `SELECT count(*) FROM ${quoteIdentifier(table.name)} WHERE ${isEmpty.join(' OR ')}`;
      expect([table.name, database.prepare(count).pluck().get()]).toEqual([table.name, 0]);
    }
    database.close();
  }
});

describe('the Prisma schema of a case', () => {
  const schema = prismaSchema(ordersCase.tables(1));

  it('has a model for each table, with its keys', () => {
    expect(schema.match(/^model (\w+)/gm)).toHaveLength(8);
    expect(schema).toContain('@@id([order_id, line_number])');
    expect(schema).toContain('@@unique([account])');
  });

  it('has both ends of each relation', () => {
    expect(schema).toContain(
      'to_part_suppliers part_suppliers @relation("order_lines_part_id_supplier_id", fields: [part_id, supplier_id], references: [part_id, supplier_id])',
    );
    expect(schema).toContain(
      'from_order_lines_part_id_supplier_id order_lines[] @relation("order_lines_part_id_supplier_id")',
    );
  });
});
