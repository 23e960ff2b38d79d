import { describe, expect, it } from 'vitest';
import { SkippedRow, cellConverter } from '../../../scripts/lib/mapping/cell.ts';
import type { Conversion, Policy } from '../../../scripts/lib/mapping/file/schema.ts';
import { makeStep, type TimeReading } from '../../../scripts/lib/mapping/steps.ts';
import type { ChangeKind } from '../../../scripts/lib/model/ledger.ts';
import { MalformedText, type SqliteValue } from '../../../scripts/lib/model/values.ts';
import { Misfit } from '../../../scripts/lib/value/convert/converter.ts';
import { converterFor } from '../../../scripts/lib/value/convert/index.ts';
import { targetType } from '../../support/catalogs.ts';
import { conversionContext } from '../../support/converted.ts';
import type { TargetType } from '../../../scripts/lib/model/target-catalog.ts';

/** varchar(n) and numeric(p,s) store their modifier with this much added. */
const HEADER = 4;
const varchar3 = targetType('varchar', { display: 'varchar(3)', modifier: HEADER + 3 });
const numeric42 = targetType('numeric', {
  display: 'numeric(4,2)',
  modifier: ((4 << 16) | 2) + HEADER,
});

interface Cell {
  readonly type?: TargetType;
  readonly convert?: readonly Exclude<Conversion, TimeReading>[];
  readonly policies?: readonly Policy[];
  readonly notNull?: boolean;
}

/** What a column makes of a value, and the changes that it told. */
function convert(
  { type = targetType('text'), convert = [], policies = [], notNull = false }: Cell,
  value: SqliteValue,
): { readonly outcome: unknown; readonly changes: ChangeKind[] } {
  const converter = converterFor(type, conversionContext());
  if (converter === undefined) throw new Error('there is no converter');
  const changes: ChangeKind[] = [];
  const outcome = cellConverter({
    steps: convert.map((conversion) => makeStep(conversion, (name) => name)),
    policies: new Set(policies),
    convert: converter,
    notNull,
  })(value, (change) => changes.push(change));
  return {
    outcome:
      outcome instanceof Misfit
        ? outcome.code
        : outcome instanceof SkippedRow
          ? `row left out: it ${outcome.reason}`
          : outcome,
    changes,
  };
}

/** What conversions make of a value in a text column. */
function convertTo(
  conversions: NonNullable<Cell['convert']>,
  value: SqliteValue,
): ReturnType<typeof convert> {
  return convert({ convert: conversions }, value);
}

describe('conversions', () => {
  it('are applied in their order, each that changed something told', () => {
    expect(convertTo(['trim', 'empty_to_null'], '  ')).toEqual({
      outcome: null,
      changes: ['trim', 'empty_to_null'],
    });
    expect(convertTo(['empty_to_null', 'trim'], '  ')).toEqual({ outcome: '', changes: ['trim'] });
    expect(convertTo(['trim', 'empty_to_null', { if_null: 'none' }], ' ')).toEqual({
      outcome: 'none',
      changes: ['trim', 'empty_to_null', 'if_null'],
    });
    expect(convertTo([{ values: { A: 'b' } }, 'lower_case'], 'A')).toEqual({
      outcome: 'b',
      changes: ['values'],
    });
    expect(convertTo(['lower_case', { values: { A: 'b' } }], 'A')).toEqual({
      outcome: 'a',
      changes: ['lower_case'],
    });
  });

  it('that change nothing, or only the form, are not told', () => {
    expect(convertTo(['trim', 'lower_case', { values: { x: 'x' } }], 'x')).toEqual({
      outcome: 'x',
      changes: [],
    });
    expect(convertTo(['text'], 1.5)).toEqual({ outcome: '1.5', changes: [] });
    expect(convert({ type: targetType('bytea'), convert: ['hex'] }, '00ff')).toEqual({
      outcome: String.raw`\x00ff`,
      changes: [],
    });
  });

  it('may end in NULL for a column that takes none: that is for the row to say', () => {
    expect(convert({ convert: ['empty_to_null'], notNull: true }, '').outcome).toBeNull();
  });

  it('that fail are as any value that does not fit', () => {
    const type = targetType('bytea');
    expect(convert({ type, convert: ['hex'] }, 'x').outcome).toBe('value-format');
    expect(convert({ type, convert: ['hex'], policies: ['null'] }, 'x')).toEqual({
      outcome: null,
      changes: ['null'],
    });
    expect(convert({ type, convert: ['hex'], policies: ['skip_row'] }, 'x').outcome).toBe(
      'row left out: it is not hex',
    );
  });
});

describe('a policy', () => {
  it.each<[Policy, TargetType, SqliteValue, string]>([
    ['strip_nul', targetType('text'), 'a\u0000b\u0000', 'ab'],
    ['strip_nul', varchar3, 'a\u0000bc', 'abc'],
    [
      'replace_invalid_utf8',
      targetType('text'),
      new MalformedText(Buffer.from('a\xff', 'latin1')),
      'a\uFFFD',
    ],
    ['round', numeric42, 1.256, '1.26'],
    ['round', numeric42, '-1.255', '-1.26'],
    ['round', targetType('int4'), 2.5, '3'],
    ['truncate', varchar3, '😀bcd', '😀bc'],
  ])('%s mends what it is for: %s', (policy, type, value, expected) => {
    expect(convert({ type }, value).outcome).toMatch(/^value-/);
    expect(convert({ type, policies: [policy] }, value)).toEqual({
      outcome: expected,
      changes: [policy],
    });
  });

  it('that is for something else answers nothing', () => {
    for (const policy of ['replace_invalid_utf8', 'round', 'truncate'] as const) {
      expect(convert({ policies: [policy] }, 'a\u0000')).toEqual({
        outcome: 'value-nul',
        changes: [],
      });
    }
    expect(convert({ type: varchar3, policies: ['strip_nul', 'round'] }, 'abcd').outcome).toBe(
      'value-length',
    );
    expect(convert({ type: numeric42, policies: ['round', 'truncate'] }, 1234).outcome).toBe(
      'value-range',
    );
  });

  it('does nothing to a value that fits', () => {
    const policies: readonly Policy[] = [
      'strip_nul',
      'replace_invalid_utf8',
      'round',
      'truncate',
      'null',
      'skip_row',
    ];
    expect(convert({ type: varchar3, policies }, 'abc')).toEqual({ outcome: 'abc', changes: [] });
    expect(convert({ type: varchar3, policies }, null)).toEqual({ outcome: null, changes: [] });
  });

  it('works with others, the mildest first and null and skip_row last', () => {
    const value = 'ab\u0000cd';
    const both = ['truncate', 'strip_nul'] as const;
    expect(convert({ type: varchar3, policies: both }, value)).toEqual({
      outcome: 'abc',
      changes: ['strip_nul', 'truncate'],
    });
    expect(
      convert({ type: varchar3, policies: ['null', ...both, 'skip_row'] }, value).outcome,
    ).toBe('abc');
    expect(convert({ type: varchar3, policies: ['strip_nul', 'null'] }, value)).toEqual({
      outcome: null,
      changes: ['strip_nul', 'null'],
    });
    expect(convert({ type: varchar3, policies: ['skip_row', 'null'] }, value).outcome).toBeNull();
    expect(convert({ type: varchar3, policies: ['strip_nul', 'skip_row'] }, value).outcome).toBe(
      'row left out: it has 4 characters, and the column takes 3',
    );
  });
});

describe('NULL', () => {
  it('where the column takes none is answered by skip_row and by no other policy', () => {
    const cell = { notNull: true } as const;
    expect(convert({ ...cell, policies: ['skip_row'] }, null).outcome).toBe(
      'row left out: it is not taken by the target column',
    );
    expect(
      convert({ ...cell, convert: ['empty_to_null'], policies: ['skip_row'] }, '').outcome,
    ).toBe('row left out: it is not taken by the target column');
    expect(convert({ ...cell, policies: ['truncate'] }, null).outcome).toBeNull();
    expect(convert({ ...cell, convert: [{ if_null: 'x' }], policies: ['skip_row'] }, null)).toEqual(
      {
        outcome: 'x',
        changes: ['if_null'],
      },
    );
  });
});
