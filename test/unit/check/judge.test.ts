import { describe, expect, it } from 'vitest';
import { rowJudge } from '../../../scripts/lib/check/judge.ts';
import { LostRows } from '../../../scripts/lib/check/lost-rows.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import { Ledger, type LedgerEntry } from '../../../scripts/lib/model/ledger.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
} from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';

const id = manifestColumn('id', { affinity: 'integer' });

/** What comes of the rows of a table, each named by its place. */
function judgeBy(
  plan: TablePlan | undefined,
  rows: readonly Row[],
): { readonly findings: Finding[]; readonly ledger: LedgerEntry[] } {
  if (plan === undefined) throw new Error('nothing was planned');
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const lostRows = new LostRows([plan]);
  const { look } = rowJudge({ plan, findings, ledger, lostRows });
  for (const [index, row] of rows.entries()) {
    look(row, { rowKey: `row ${index + 1}`, line: index + 1 });
  }
  lostRows.close();
  return { findings: findings.list(), ledger: ledger.list() };
}

/** Judges rows of `items (id, name, price)`. */
function judgeItems(
  rows: readonly Row[],
  mapped?: MappingFile['tables'][string],
): ReturnType<typeof judgeBy> {
  const target = targetTable('items', [
    targetColumn('price', 'int2'),
    targetColumn('name', 'text', { notNull: true }),
    targetColumn('id', 'int8', { notNull: true, hasDefault: true }),
  ]);
  const mapping = mapped === undefined ? undefined : mappingOf({ items: mapped });
  const { plans } = planned([manifestTable('items', [id, 'name', 'price'])], [target], {
    mapping,
  });
  return judgeBy(plans[0], rows);
}

/** The findings without a mapping. */
function judge(rows: readonly Row[]): Finding[] {
  return judgeItems(rows).findings;
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
  const rows = Array.from({ length: 50 }, (_, id): Row => [BigInt(id), 'a', 99_999n]);
  const [finding, ...others] = judge(rows);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'value-range', total: 50 });
  expect(finding?.examples).toHaveLength(20);
});

it('keeps the reasons of one column apart', () => {
  const findings = judge([
    [1n, 'a', new Uint8Array()],
    [2n, 'a', 1.5],
    [3n, 'a', 99_999n],
    [4n, 'a', new Uint8Array()],
  ]);
  expect(findings.map(({ code, total }) => [code, total])).toEqual([
    ['value-class', 2],
    ['value-precision', 1],
    ['value-range', 1],
  ]);
});

it('names a row without a key by its line alone', () => {
  const findings = new FindingCollector();
  const [plan] = planned(
    [manifestTable('t', ['a'])],
    [targetTable('t', [targetColumn('a', 'int4')])],
  ).plans;
  if (plan === undefined) throw new Error('nothing was planned');
  const lostRows = new LostRows([plan]);
  rowJudge({ plan, findings, ledger: new Ledger(), lostRows }).look([new Uint8Array()], {
    line: 7,
  });
  expect(findings.list()[0]?.examples).toEqual([
    { line: 7, detail: expect.stringMatching(/^x'' is /) },
  ]);
});

describe('a row that a mapping speaks of', () => {
  const rows: readonly Row[] = [
    [1n, ' a ', 5n],
    [2n, 'b', 70_000n],
    [3n, null, 'x'],
    [4n, ' d', 99_999n],
  ];

  it('is counted in the ledger by column and change, with its key', () => {
    const { ledger, findings } = judgeItems(rows, {
      where: [{ column: 'id', op: 'ne', value: 2 }],
      columns: {
        name: { convert: ['trim', { if_null: '-' }] },
        price: { policies: ['null'] },
      },
    });
    expect(findings).toEqual([]);
    expect(ledger).toEqual([
      {
        table: 'items',
        column: 'name',
        change: 'trim',
        total: 2,
        examples: [
          { rowKey: 'row 1', line: 1 },
          { rowKey: 'row 4', line: 4 },
        ],
      },
      {
        table: 'items',
        column: null,
        change: 'where',
        total: 1,
        examples: [{ rowKey: 'row 2', line: 2 }],
      },
      {
        table: 'items',
        column: 'name',
        change: 'if_null',
        total: 1,
        examples: [{ rowKey: 'row 3', line: 3 }],
      },
      {
        table: 'items',
        column: 'price',
        change: 'null',
        total: 2,
        examples: [
          { rowKey: 'row 3', line: 3 },
          { rowKey: 'row 4', line: 4 },
        ],
      },
    ]);
  });

  it('is no finding when it is left out for another column, and is counted with the reason', () => {
    const { ledger, findings } = judgeItems([[null, null, 70_000n]], {
      columns: { name: { convert: 'trim' }, price: { policies: ['skip_row'] } },
    });
    expect(findings).toEqual([]);
    expect(ledger).toEqual([
      {
        table: 'items',
        column: 'price',
        change: 'skip_row',
        total: 1,
        examples: [{ rowKey: 'row 1', line: 1, detail: '70000 is out of range for 16 bits' }],
      },
    ]);
  });

  it('is counted by the target column when the mapping gives it a constant', () => {
    const { ledger } = judgeItems(rows, {
      columns: { name: { drop: 'private' } },
      add: { name: { constant: '' } },
    });
    expect(ledger).toEqual([]);
  });

  it('needs its parents when it is loaded with the reference, and no policy answers', () => {
    const columns = { name: { policies: ['skip_row'] }, price: { drop: 'old' } } as const;
    const [plan] = planned(
      [manifestTable('items', ['id', 'name', 'price'])],
      [targetTable('items', ['id', targetColumn('name', 'int4')])],
      {
        mapping: mappingOf({
          items: { columns: { ...columns, name: { policies: ['skip_row'] } } },
        }),
      },
    ).plans;
    if (plan === undefined) throw new Error('nothing was planned');
    const { look, needsParent } = rowJudge({
      plan,
      findings: new FindingCollector(),
      ledger: new Ledger(),
      lostRows: new LostRows([plan]),
    });
    const needed = (): string[] =>
      ['id', 'name', 'price'].filter((column) => needsParent({ columns: [column] }));
    look(['a', 1n, 'p'], {});
    expect(needed()).toEqual(['id']);
    look(['a', 'x', 'p'], {});
    expect(needed()).toEqual([]);
  });
});
