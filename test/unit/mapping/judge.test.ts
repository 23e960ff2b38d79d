import { describe, expect, it } from 'vitest';
import { rowJudge } from '../../../scripts/lib/mapping/judge.ts';
import { planTables } from '../../../scripts/lib/mapping/plan.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import {
  manifestOf,
  manifestTable,
  targetCatalog,
  targetColumn,
  targetTable,
} from '../../support/catalogs.ts';

/** Judges rows of `items (id, name, price)`, named by their place. */
function judge(rows: readonly Row[]): Finding[] {
  const findings = new FindingCollector();
  const target = targetTable('items', [
    targetColumn('price', 'int2'),
    targetColumn('name', 'text', { notNull: true }),
    targetColumn('id', 'int8', { notNull: true, hasDefault: true }),
  ]);
  const manifest = manifestOf([manifestTable('items', ['id', 'name', 'price'])]);
  for (const plan of planTables(manifest, targetCatalog([target]), findings)) {
    const look = rowJudge(plan, findings);
    for (const [index, row] of rows.entries()) look(row, index + 1, `row ${index + 1}`);
  }
  return findings.list();
}

describe('a row', () => {
  it('that fits is nothing to speak of, NULL where it may stand included', () => {
    expect(
      judge([
        [1n, 'a', 5n],
        [2n, '', null],
      ]),
    ).toEqual([]);
  });

  it('with a value that does not fit is named by key, line and value', () => {
    expect(
      judge([
        [1n, 'a', 5n],
        [2n, 'b', 40_000n],
      ]),
    ).toEqual([
      {
        code: 'value-range',
        severity: 'blocking',
        kind: 'data',
        message: 'values are out of range for the target type (items.price int2)',
        where: { table: 'items', column: 'price', file: 'data/001-items.ndjson' },
        total: 1,
        examples: [{ rowKey: 'row 2', line: 2, detail: '40000 is out of range for 16 bits' }],
        hint: expect.stringContaining('source'),
      },
    ]);
  });

  it('with NULL where the target requires a value is a finding, whatever default there is', () => {
    const findings = judge([[null, null, null]]);
    expect(findings.map(({ code, where, total }) => [code, where.column, total])).toEqual([
      ['value-null', 'id', 1],
      ['value-null', 'name', 1],
    ]);
  });
});

it('counts every misfit of a column and keeps the first 20', () => {
  const rows = Array.from({ length: 50 }, (_, id): Row => [BigInt(id), 'a', 'much']);
  const [finding, ...others] = judge(rows);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'value-class', total: 50 });
  expect(finding?.examples).toHaveLength(20);
});

it('keeps the reasons of one column apart', () => {
  const findings = judge([
    [1n, 'a', 'x'],
    [2n, 'a', 1.5],
    [3n, 'a', 99_999n],
    [4n, 'a', 'y'],
  ]);
  expect(findings.map(({ code, total }) => [code, total])).toEqual([
    ['value-class', 2],
    ['value-precision', 1],
    ['value-range', 1],
  ]);
});

it('names a row without a key by its line alone', () => {
  const findings = new FindingCollector();
  const manifest = manifestOf([manifestTable('t', ['a'])]);
  const target = targetCatalog([targetTable('t', [targetColumn('a', 'int4')])]);
  for (const plan of planTables(manifest, target, findings)) {
    rowJudge(plan, findings)(['x'], 7, undefined);
  }
  expect(findings.list()[0]?.examples).toEqual([
    { line: 7, detail: '"x" is TEXT, which an integer column does not take' },
  ]);
});
