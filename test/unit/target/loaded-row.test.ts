import { expect, it } from 'vitest';
import { NOTHING_LOST } from '../../../scripts/lib/mapping/references.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { loadedRow } from '../../../scripts/lib/target/loaded-row.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
} from '../../support/catalogs.ts';
import { errorOf } from '../../support/error-of.ts';
import { planned } from '../../support/mapping.ts';

function planOf(): TablePlan {
  const columns = [manifestColumn('id', { affinity: 'integer' }), 'size'];
  const [plan] = planned(
    [manifestTable('items', columns, { primaryKey: ['id'] })],
    [
      targetTable('items', [
        targetColumn('id', 'int4', { notNull: true }),
        targetColumn('size', 'int2', { notNull: true }),
      ]),
    ],
  ).plans;
  if (plan === undefined) throw new Error('nothing was planned');
  return plan;
}

it.each<[string, Row]>([
  ['is out of range', [7n, 40_000n]],
  ['is NULL', [7n, null]],
])(
  'a value that %s while its row is loaded is named: the file is another one by then',
  async (_, row) => {
    const convert = loadedRow(planOf(), NOTHING_LOST);
    expect(convert([6n, 12n])).toEqual(['6', '12']);
    expect(await errorOf(async () => convert(row))).toMatchObject({
      code: 'artifact-changed',
      where: { table: 'items', column: 'size', rowKey: 'id=7' },
    });
  },
);
