import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyOrderWatch } from '../../../scripts/lib/compare/target/key-order-watch.ts';
import {
  cellsOf,
  keyOfCells,
  rowFormat,
  type RowFormat,
} from '../../../scripts/lib/compare/target/row-format.ts';
import { canonicalFields } from '../../../scripts/lib/mapping/line-fields.ts';
import { LineWriter } from '../../../scripts/lib/mapping/line-writer.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import type { ConvertedRow } from '../../../scripts/lib/mapping/row.ts';
import { ByteWriter } from '../../../scripts/lib/value/bytes/byte-writer.ts';
import { manifestTable, targetColumn, targetTable } from '../../support/catalogs.ts';
import { planned } from '../../support/mapping.ts';

const NAMES = ['note', 'code', 'name', 'id'];

/** A table whose key is (id, name), or nothing. */
function planOf(isKeyed: boolean): TablePlan {
  const table = {
    ...targetTable('items', [
      'note',
      targetColumn('code', 'int2'),
      targetColumn('name', 'text', { notNull: true }),
      targetColumn('id', 'int8', { notNull: true }),
    ]),
    uniqueKeys: isKeyed
      ? [
          {
            name: 'items_pkey',
            columns: ['id', 'name'],
            nullsDistinct: true,
            isPrimary: true,
            isDeferrable: false,
          },
        ]
      : [],
  };
  const [plan] = planned([manifestTable('items', NAMES)], [table]).plans;
  if (plan === undefined) throw new Error('nothing was planned');
  return plan;
}

/** Whether no key comes before the one of the row before it. */
function isInOrder(format: RowFormat, lines: readonly string[]): boolean {
  const keys = lines.map((line) => keyOfCells(format, cellsOf(line)));
  return keys.every((key, index) => {
    const last = keys[index - 1];
    return last === undefined || Buffer.compare(last, key) <= 0;
  });
}

const anyId = fc.oneof(
  fc.bigInt({ min: -12n, max: 12n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 99n, 100n, -100n),
);
const anyName = fc.constantFrom(
  '',
  'a',
  'ab',
  'a\tb',
  'a\nb',
  'a\\',
  'a!',
  'b',
  'ä',
  '😀',
  '\uFFFD',
);
const anyRow: fc.Arbitrary<ConvertedRow> = fc
  .tuple(fc.constantFrom(null, 'x\t'), fc.constantFrom(null, '1'), anyName, anyId.map(String))
  .map((values) => values);

it.each([true, false])('the order of rows is that of their keys (key: %s)', (isKeyed) => {
  const plan = planOf(isKeyed);
  const format = rowFormat(plan);
  const anyRows = fc.array(anyRow, { minLength: 1, maxLength: 5 });
  const sorted = anyRows.map((rows) => {
    const writer = new LineWriter(canonicalFields(plan));
    const keyOf = (values: ConvertedRow): Buffer => {
      const out = new ByteWriter();
      writer.writeRow([], values, out);
      return keyOfCells(format, cellsOf(out.take().toString()));
    };
    return rows.toSorted((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
  });
  fc.assert(
    fc.property(fc.oneof(anyRows, sorted), (rows) => {
      const writer = new LineWriter(canonicalFields(plan));
      const watch = new KeyOrderWatch(format);
      const out = new ByteWriter();
      const lines = rows.map((values) => {
        const start = out.position;
        writer.writeRow([], values, out);
        const { bytes, position: end } = out;
        watch.look({ bytes, start, end, fieldEnds: writer.fieldEnds });
        return bytes.toString('utf8', start, end);
      });
      expect(watch.isInOrder).toBe(isKeyed && isInOrder(format, lines));
    }),
  );
});
