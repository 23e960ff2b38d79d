import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { LostRows } from '../../../scripts/lib/check/lost-rows.ts';
import { TargetKeys } from '../../../scripts/lib/check/target-keys.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import type { ConvertedRow } from '../../../scripts/lib/mapping/row.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import type {
  TargetColumn,
  TargetTable,
  TargetUniqueKey,
} from '../../../scripts/lib/model/target-catalog.ts';
import {
  manifestColumn,
  manifestTable,
  targetCatalog,
  targetColumn,
  targetTable,
} from '../../support/catalogs.ts';
import { planned } from '../../support/mapping.ts';

function uniqueKey(
  name: string,
  columns: readonly string[],
  more: Partial<TargetUniqueKey> = {},
): TargetUniqueKey {
  return { name, columns, nullsDistinct: true, isPrimary: false, isDeferrable: false, ...more };
}

const ID = manifestColumn('id', { affinity: 'integer' });
const SOURCE = manifestTable('t', [ID, 'a', 'b'], {
  primaryKey: ['id'],
  rowidAlias: 'id',
  uniqueKeys: [{ origin: 'primary-key', columns: [{ name: 'id', collation: 'BINARY' }] }],
});

function target(
  uniqueKeys: readonly TargetUniqueKey[],
  more: readonly TargetColumn[] = [],
): TargetTable {
  const columns = [
    targetColumn('id', 'int4'),
    targetColumn('a'),
    targetColumn('b', 'int4'),
    ...more,
  ];
  return { ...targetTable('t', columns), uniqueKeys };
}

/** The keys of a table, and what was found about them. */
function keysOf(table: TargetTable): {
  readonly keys: TargetKeys;
  readonly plan: TablePlan;
  readonly found: () => Finding[];
} {
  const { plans } = planned([SOURCE], [table]);
  const [plan] = plans;
  if (plan === undefined) throw new Error('there is no plan');
  const findings = new FindingCollector();
  const keys = new TargetKeys({
    plans,
    catalog: targetCatalog([table]),
    // Nothing is asked of it: no key here needs PostgreSQL.
    client: new pg.Client(),
    findings,
    lostRows: new LostRows(plans),
    keepsRows: false,
  });
  return { keys, plan, found: () => findings.list() };
}

describe('the keys of the target', () => {
  it('are not looked at where the source proves them', () => {
    const { keys, plan, found } = keysOf(
      target([uniqueKey('t_pkey', ['id'], { isPrimary: true }), uniqueKey('more', ['a', 'id'])]),
    );
    expect(keys.watch(plan)).toBeUndefined();
    keys.finish();
    keys.close();
    expect(found()).toEqual([]);
  });

  it('name a row by what there is to name it by', () => {
    const { keys, plan, found } = keysOf(target([uniqueKey('one', ['a'])]));
    const watch = keys.watch(plan);
    const look = (values: ConvertedRow, place: { rowKey?: string; line?: number }): void =>
      watch?.look(['?', values[1] ?? null, '?'], values, place);
    look(['1', 'x', null], { rowKey: 'id=1' });
    look(['2', 'x', null], { rowKey: 'id=2' });
    look(['3', 'y', null], {});
    look(['4', 'y', null], { line: 4 });
    keys.close();
    expect(found()[0]?.examples).toEqual([
      { rowKey: 'id=2', detail: 'a="x" as in id=1' },
      { line: 4, detail: 'a="y" as in a row before it' },
    ]);
  });

  it('leave out a row whose value does not fit, which is reported as that', () => {
    const { keys, plan, found } = keysOf(target([uniqueKey('one', ['a', 'b'])]));
    const watch = keys.watch(plan);
    for (const id of ['1', '2']) watch?.look([id, 'x', 'y'], [id, 'x', undefined], { line: 1 });
    keys.close();
    expect(found()).toEqual([]);
  });

  it('say the same of each row once where two are over the same columns, by the stricter one', () => {
    const strict = uniqueKey('strict', ['b', 'a'], { nullsDistinct: false });
    const { keys, plan, found } = keysOf(target([uniqueKey('loose', ['a', 'b']), strict]));
    const watch = keys.watch(plan);
    for (const line of [1, 2]) watch?.look([1n, 'x', null], ['1', 'x', null], { line });
    keys.close();
    expect(found().map(({ where, total }) => [where.constraint, total])).toEqual([['strict', 1]]);
  });

  it('are left to the load where a generated column is among them, and not where a default is', () => {
    const made = [
      targetColumn('made', 'text', {
        isGenerated: true,
        hasDefault: true,
        generatedSql: 'lower(a)',
      }),
      targetColumn('given', 'uuid', { hasDefault: true }),
    ];
    const { keys, plan, found } = keysOf(
      target([uniqueKey('by_made', ['made']), uniqueKey('by_given', ['given'])], made),
    );
    expect(keys.watch(plan)).toBeUndefined();
    keys.close();
    expect(found()).toMatchObject([
      {
        code: 'left-to-load',
        severity: 'info',
        message: expect.stringContaining('the target fills the column made itself') as unknown,
        where: { table: 't', constraint: 'by_made' },
      },
    ]);
  });
});
