import { describe, expect, it } from 'vitest';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import { answerReference, type LostReferences } from '../../../scripts/lib/mapping/references.ts';
import { rowConverter, type RowListener } from '../../../scripts/lib/mapping/row.ts';
import { describeValue } from '../../../scripts/lib/model/row-key.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
} from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';

type Columns = NonNullable<MappingFile['tables'][string]['columns']>;

const id = manifestColumn('id', { affinity: 'integer' });

/** The plan of `items (id, parent, name, price)`. */
function planOf(columns: Columns, more: MappingFile['tables'][string] = {}): TablePlan {
  const [plan] = planned(
    [manifestTable('items', [id, 'parent', 'name', 'price'])],
    [
      targetTable('items', [
        targetColumn('id', 'int4', { notNull: true }),
        targetColumn('parent', 'int4'),
        'name',
        targetColumn('price', 'int2'),
        'origin',
      ]),
    ],
    { mapping: mappingOf({ items: { ...more, columns } }) },
  ).plans;
  if (plan === undefined) throw new Error('nothing was planned');
  return plan;
}

/** What becomes of a row, and all that is told of it. */
function convert(
  plan: TablePlan,
  row: Row,
  lost?: LostReferences,
): { readonly values: unknown; readonly told: string[] } {
  const told: string[] = [];
  const listener: RowListener = {
    changed: ({ target }, change, detail) =>
      told.push([target.name, change, ...(detail === undefined ? [] : [detail])].join(' ')),
    leftOut: (change, column, detail) =>
      told.push(
        [column?.target.name ?? '-', change, ...(detail === undefined ? [] : [detail])].join(' '),
      ),
    misfit: ({ target }, value, { code }) =>
      told.push(`${target.name} ${code} ${describeValue(value)}`),
    nullRefused: ({ target }) => told.push(`${target.name} NULL refused`),
    orphaned: ({ columns, parentTable }) => told.push(`${columns.join()} lost in ${parentTable}`),
  };
  return { values: rowConverter(plan, listener, lost)(row), told };
}

/** The reference `parent` of every row is lost. */
function lostParent(plan: TablePlan): LostReferences {
  const answer = answerReference(plan, ['parent']);
  if (answer === null) throw new Error('the reference is not loaded');
  const reference = {
    columns: ['parent'],
    values: [7n],
    parentTable: 'folders',
    reason: 'left-out',
    answer,
  } as const;
  return () => [reference];
}

describe('a row', () => {
  it('becomes the values of the target columns, those of the mapping among them', () => {
    const plan = planOf(
      { name: { target: 'price' }, price: { target: 'name' } },
      {
        add: { origin: { constant: 'sqlite' } },
      },
    );
    expect(convert(plan, [1n, null, 5n, 'much'])).toEqual({
      values: ['1', null, '5', 'much', 'sqlite'],
      told: [],
    });
  });

  it('tells each kind of change of a value once', () => {
    const plan = planOf({
      name: { convert: ['trim', { values: { a: 'b' } }, { values: { b: 'c' } }] },
    });
    expect(convert(plan, [1n, null, ' a', 5n])).toEqual({
      values: ['1', null, 'c', '5'],
      told: ['name trim', 'name values'],
    });
  });

  it('tells of a value that became NULL nothing of what was done to it before', () => {
    const plan = planOf({
      price: { convert: ['trim', { values: { a: 'b' } }], policies: ['null'] },
    });
    expect(convert(plan, [1n, null, 'x', ' a'])).toEqual({
      values: ['1', null, 'x', null],
      told: ['price null'],
    });
  });

  it('has a hole where a value does not fit, and tells why', () => {
    expect(convert(planOf({}), [null, null, 'a', 99_999n])).toEqual({
      values: [undefined, null, 'a', undefined],
      told: ['id NULL refused', 'price value-range 99999'],
    });
  });

  it('that the conditions leave out tells that and nothing else', () => {
    const plan = planOf({}, { where: [{ column: 'id', op: 'gt', value: 1 }] });
    expect(convert(plan, [1n, null, 'a', 99_999n])).toEqual({ values: null, told: ['- where'] });
    expect(convert(plan, [2n, null, 'a', 9n]).values).not.toBeNull();
  });

  it('that a later column leaves out tells nothing of the columns before it', () => {
    const plan = planOf({ name: { convert: 'trim' }, price: { policies: ['skip_row'] } });
    expect(convert(plan, [null, 1n, ' a', 99_999n])).toEqual({
      values: null,
      told: ['price skip_row 99999 is out of range for 16 bits'],
    });
    // The notes of one row are not told of the next one.
    expect(convert(plan, [1n, 1n, 'a', 1n]).told).toEqual([]);
  });

  it('says NULL is why it is left out where NULL may not stand', () => {
    const plan = planOf({ id: { policies: ['skip_row'] } });
    expect(convert(plan, [null, 1n, 'a', 1n]).told).toEqual([
      'id skip_row NULL is not taken by the target column',
    ]);
  });
});

describe('a row whose parent is left out', () => {
  const row: Row = [1n, 7n, 'a', 5n];

  it('is told when no policy answers, and has its values', () => {
    const plan = planOf({});
    expect(convert(plan, row, lostParent(plan))).toEqual({
      values: ['1', '7', 'a', '5'],
      told: ['parent lost in folders'],
    });
  });

  it('loses the reference where the policy null stands, whatever the conversions say', () => {
    const plan = planOf({ parent: { convert: { if_null: 0 }, policies: ['null', 'skip_row'] } });
    expect(convert(plan, row, lostParent(plan))).toEqual({
      values: ['1', null, 'a', '5'],
      told: ['parent null parent=7 refers to a row of folders that is left out'],
    });
  });

  it('goes with it where the policy skip_row stands', () => {
    const plan = planOf({ parent: { policies: ['skip_row'] } });
    expect(convert(plan, row, lostParent(plan))).toEqual({
      values: null,
      told: ['parent skip_row parent=7 refers to a row of folders that is left out'],
    });
  });

  it('is not told when the row is left out for something else', () => {
    const plan = planOf({ price: { policies: ['skip_row'] } });
    expect(convert(plan, [1n, 7n, 'a', 'x'], lostParent(plan)).told).toEqual([
      expect.stringMatching(/^price skip_row "x"/),
    ]);
  });
});

describe('the answer to a lost parent', () => {
  it('of several columns is null where one of them may be NULL, else skip_row', () => {
    const key = ['parent', 'name'];
    expect(answerReference(planOf({}), key)).toEqual({ kind: 'none' });
    expect(answerReference(planOf({ name: { policies: ['skip_row'] } }), key)).toMatchObject({
      kind: 'skip_row',
      column: { target: { name: 'name' } },
    });
    const both: Columns = { parent: { policies: ['skip_row'] }, name: { policies: ['null'] } };
    expect(answerReference(planOf(both), key)).toMatchObject({
      kind: 'null',
      columns: [{ target: { name: 'name' } }],
    });
    expect(answerReference(planOf({ name: { policies: ['round'] } }), key)).toEqual({
      kind: 'none',
    });
  });

  it('is not asked for when a column of the reference is not loaded', () => {
    const plan = planOf({ parent: { drop: 'not needed' }, name: { policies: ['skip_row'] } });
    expect(answerReference(plan, ['parent', 'name'])).toBeNull();
  });
});
