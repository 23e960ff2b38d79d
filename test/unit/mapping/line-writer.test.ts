import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineEncoder } from '../../../scripts/lib/artifact/line.ts';
import { LineScanner } from '../../../scripts/lib/artifact/line-scanner.ts';

import { expectedLine, rowFormat } from '../../../scripts/lib/compare/target/row-format.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import {
  canonicalFields,
  loadedFields,
  loadsCanonicalLines,
} from '../../../scripts/lib/mapping/line-fields.ts';
import { LineWriter } from '../../../scripts/lib/mapping/line-writer.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import {
  SILENT_LISTENER,
  rowConverter,
  type RowListener,
} from '../../../scripts/lib/mapping/row.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { ByteWriter } from '../../../scripts/lib/value/bytes/byte-writer.ts';
import { readCopyLine } from '../../../scripts/lib/value/copy-text.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
} from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';
import { anyValue } from '../../support/values.ts';

type Columns = NonNullable<MappingFile['tables'][string]['columns']>;

const COLUMNS = ['id', 'price', 'name', 'state', 'note', 'seen', 'doc'] as const;

/** The target has the columns in another order, a constant, and no place for `note`. */
function planOf(columns: Columns, more: MappingFile['tables'][string] = {}): TablePlan {
  const [plan] = planned(
    [
      manifestTable(
        'items',
        COLUMNS.map((name) => manifestColumn(name, { affinity: 'blob' })),
      ),
    ],
    [
      targetTable('items', [
        targetColumn('name', 'text'),
        targetColumn('origin', 'text'),
        targetColumn('id', 'int4', { notNull: true }),
        targetColumn('seen', 'timestamptz'),
        targetColumn('price', 'float8'),
        targetColumn('state', 'int2', { notNull: true }),
        targetColumn('doc', 'jsonb'),
      ]),
    ],
    {
      mapping: mappingOf({
        items: { ...more, columns: { note: { drop: 'not used' }, ...columns } },
      }),
    },
  ).plans;
  if (plan === undefined) throw new Error('nothing was planned');
  return plan;
}

const PLANS = [
  planOf({}, { add: { origin: { constant: 'a\tb' } } }),
  planOf(
    {
      name: { convert: ['trim', 'empty_to_null'] },
      state: { convert: { if_null: 0 }, policies: ['round'] },
      price: { policies: ['null'] },
      doc: { policies: ['skip_row'] },
    },
    { add: { origin: { constant: null } } },
  ),
];

/** The lines of rows by their values, each undefined when it is left out or does not fit. */
function plainLines(plan: TablePlan, rows: readonly Row[]): (string | undefined)[] {
  let isSound = true;
  const fault = (): void => {
    isSound = false;
  };
  const listener: RowListener = {
    changed: fault,
    leftOut: fault,
    misfit: fault,
    nullRefused: fault,
    orphaned: fault,
  };
  const convert = rowConverter(plan, listener);
  const format = rowFormat(plan);
  return rows.map((row) => {
    isSound = true;
    const values = convert(row);
    return values === null || !isSound ? undefined : expectedLine(format, row, values);
  });
}

function scannedLines(writer: LineWriter, rows: readonly Row[]): (string | undefined)[] {
  const encode = lineEncoder(COLUMNS);
  const bytes = Buffer.from(rows.map((row) => `${encode(row)}\n`).join(''));
  const lines: (string | undefined)[] = [];
  const out = new ByteWriter(1);
  for (const batch of new LineScanner(COLUMNS).scan(bytes, 1)) {
    if ('fault' in batch) throw batch.fault;
    for (let row = 0; row < batch.rowCount; row++) {
      const start = out.position;
      const isWritten = writer.writeScanned(batch, row, out);
      const line = out.bytes.toString('utf8', start, out.position);
      expect(isWritten).toBe(line !== '');
      lines.push(isWritten ? line : undefined);
    }
  }
  return lines;
}

const usual: Record<(typeof COLUMNS)[number], fc.Arbitrary<Row[number]>> = {
  id: fc.bigInt({ min: 0n, max: 2n ** 31n - 1n }),
  price: fc.constantFrom(1.5, 3n, -0, null),
  name: fc.constantFrom('nail', ' nail ', '', 'a\\b\n', null),
  state: fc.constantFrom(1n, 2n, 2.0, 2.5),
  note: fc.constant(null),
  seen: fc.constantFrom('2024-01-31', '2024-01-31T12:00:00.500+01:00', null),
  doc: fc.constantFrom('{"b":1.0,"a":2}', null),
};
const anyRow = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(...COLUMNS.map((name) => usual[name])) },
  { weight: 1, arbitrary: fc.tuple(...COLUMNS.map((name) => fc.oneof(usual[name], anyValue))) },
);
const anyRows = fc.array(anyRow, { minLength: 1, maxLength: 8 });

it.each(PLANS)(
  'writes from tokens what is written by way of the row, or leaves it to that',
  (plan) => {
    const canonical = new LineWriter(canonicalFields(plan));
    fc.assert(
      fc.property(anyRows, (rows) => {
        expect(scannedLines(canonical, rows)).toEqual(plainLines(plan, rows));
      }),
    );
  },
);

it.each(PLANS)(
  'gives COPY what the converters write of the columns that it does not take canonically',
  (plan) => {
    const loaded = loadedFields(plan);
    const writer = new LineWriter(loaded);
    const names = loaded.map(({ target }) => target.name);
    expect(names).toEqual(plan.target.columns.map(({ name }) => name));
    const out = new ByteWriter(1);
    const row: Row = [1n, 0.1, 'x', 2n, null, '2024-01-31T12:00:00.500Z', '{"a":1.50}'];
    const [line = ''] = scannedLines(writer, [row]);
    const values = rowConverter(plan, SILENT_LISTENER)(row);
    if (values === null) throw new Error('the row is left out');
    writer.writeRow(row, values, out);
    expect(out.take().toString()).toBe(line);
    const cells = readCopyLine(line.slice(0, -1));
    expect(Object.fromEntries(names.map((name, index) => [name, cells[index]]))).toMatchObject({
      price: '0.1',
      seen: '2024-01-31 12:00:00.5+00',
      doc: '{"a":1.50}',
    });
    expect(loadsCanonicalLines(plan)).toBe(false);
  },
);

it('tells where each field of a line ends', () => {
  const [plan] = PLANS;
  if (plan === undefined) throw new Error('there is no plan');
  const writer = new LineWriter(canonicalFields(plan));
  const rows: Row[] = [[1n, null, 'x', 2n, null, null, null]];
  const [line = ''] = scannedLines(writer, rows);
  const ends = line
    .split('')
    .flatMap((character, index) => ('\t\n'.includes(character) ? [index] : []));
  expect([...writer.fieldEnds]).toEqual(ends);
});
