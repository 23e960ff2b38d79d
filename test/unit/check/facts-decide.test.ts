import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TableFacts } from '../../../scripts/lib/check/column-facts.ts';
import { undecidedColumns } from '../../../scripts/lib/check/facts-decide.ts';
import { rowJudge } from '../../../scripts/lib/check/judge.ts';
import { LostRows } from '../../../scripts/lib/check/lost-rows.ts';
import type { Conversion, Policy } from '../../../scripts/lib/mapping/file/schema.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import { FindingCollector } from '../../../scripts/lib/model/findings.ts';
import { Ledger } from '../../../scripts/lib/model/ledger.ts';
import type { TargetType } from '../../../scripts/lib/model/target-catalog.ts';
import { MalformedText, type SqliteValue } from '../../../scripts/lib/model/values.ts';
import { BASE_TYPES } from '../../../scripts/lib/value/convert/index.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
  targetType,
} from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';
import { scannedRows } from '../../support/scanned.ts';
import {
  INT64_MAX,
  INT64_MIN,
  anyInteger,
  anyReal,
  anyText,
  anyValue,
} from '../../support/values.ts';

const HEADER = 4;
const numericOf = (precision: number, scale: number): TargetType =>
  targetType('numeric', { modifier: ((precision << 16) | (scale & 0x7ff)) + HEADER });
const lengthOf = (name: string, length: number): TargetType =>
  targetType(name, { modifier: length + HEADER });

const TYPES: readonly TargetType[] = [
  ...Object.keys(BASE_TYPES).map((name) => targetType(name)),
  numericOf(5, 2),
  numericOf(3, -2),
  numericOf(2, 4),
  lengthOf('varchar', 3),
  lengthOf('bpchar', 3),
  ...['timestamp', 'timestamptz'].flatMap((name) =>
    [0, 3].map((modifier) => targetType(name, { modifier })),
  ),
  targetType('state', { kind: 'enum', enumLabels: ['a', 'true', '1'] }),
  targetType('_int4', { kind: 'array', element: targetType('int4') }),
];

interface ColumnUnderTest {
  readonly type: TargetType;
  readonly notNull?: boolean;
  readonly convert?: Conversion;
  readonly policies?: readonly Policy[];
}

function planOf({ type, notNull = false, convert, policies = [] }: ColumnUnderTest): TablePlan {
  const mapped = {
    ...(convert === undefined ? {} : { convert }),
    ...(policies.length === 0 ? {} : { policies: [...policies] }),
  };
  const { plans } = planned(
    [manifestTable('t', [manifestColumn('v', { affinity: 'blob' })])],
    [targetTable('t', [targetColumn('v', type, { notNull })])],
    { mapping: mappingOf({ t: { columns: { v: mapped } } }) },
  );
  if (plans[0] === undefined) throw new Error('nothing was planned');
  return plans[0];
}

function factsOf(values: readonly SqliteValue[], batchTokens?: number) {
  const facts = new TableFacts(manifestTable('t', ['v']));
  for (const rows of scannedRows(
    ['v'],
    values.map((value) => [value]),
    batchTokens,
  ))
    facts.look(rows);
  const [ofColumn] = facts.results();
  if (ofColumn === undefined) throw new Error('there is a column');
  return ofColumn;
}

const isDecided = (plan: TablePlan, values: readonly SqliteValue[]): boolean =>
  undecidedColumns(plan, [factsOf(values)]).length === 0;

const rangeOf = (values: readonly SqliteValue[]) => factsOf(values).integers?.range;

const timestampOf = (modifier: number, convert: Conversion): TablePlan =>
  planOf({ type: targetType('timestamp', { modifier }), convert });

/** What there is to say of values, one by one. */
function faultsOf(plan: TablePlan, values: readonly SqliteValue[]): unknown[] {
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const lostRows = new LostRows([plan]);
  const { look } = rowJudge({ plan, findings, ledger, lostRows });
  for (const value of values) look([value], {});
  lostRows.close();
  return [...findings.list(), ...ledger.list()];
}

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const day = fc
  .tuple(fc.constantFrom('0001', '1969', '2024', '9999'), two(13), two(32))
  .map((parts) => parts.join('-'));
const clock = fc
  .tuple(two(24), two(60), fc.constantFrom('', ':00', ':59', ':30.5', ':30.120', ':30.1234567'))
  .map(([hour, minute, rest]) => `${hour}:${minute}${rest}`);
const zone = fc.constantFrom('', 'Z', '+00:00', '+02:00');
const time = fc.tuple(day, fc.constantFrom('T', ' '), clock, zone).map((parts) => parts.join(''));
const nearLimit = fc
  .tuple(
    fc.constantFrom(0n, 1n, 2n ** 15n, 2n ** 31n, 2n ** 53n, 10n ** 3n, 10n ** 15n),
    fc.integer({ min: -2, max: 2 }),
  )
  .chain(([limit, by]) => fc.constantFrom(limit + BigInt(by), -limit + BigInt(by)));
const moment = fc
  .bigInt({ min: -62_135_596_800n, max: 253_402_300_800n })
  .chain((second) => fc.constantFrom(second, second * 1000n, second * 1_000_000n));
const decimal = fc
  .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 0, max: 5 }))
  .map(([digits, decimals]) => digits / 10 ** decimals);

/** Values that look alike, as those of a column do. */
const POOLS: readonly fc.Arbitrary<SqliteValue>[] = [
  fc.constantFrom(0n, 1n),
  nearLimit,
  anyInteger.filter((value) => value >= INT64_MIN && value <= INT64_MAX),
  moment,
  decimal,
  anyReal,
  day,
  day.map((text) => `${text}T00:00:00.000Z`),
  time,
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  anyText,
  fc.uint8Array({ maxLength: 20 }),
  fc.constantFrom('a', 'true', '1', '{}', '[1]', '1.2.3.4'),
  anyValue,
];

const values = fc.constantFrom(...POOLS).chain((pool) =>
  fc.array(
    fc.oneof(
      { weight: 20, arbitrary: pool },
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: anyValue },
    ),
    {
      maxLength: 12,
    },
  ),
);

const column = fc.record({
  type: fc.constantFrom(...TYPES),
  notNull: fc.boolean(),
});

const converted = fc.record({
  type: fc.constantFrom(...TYPES.filter(({ name }) => /^(?:date|time)/.test(name))),
  convert: fc.constantFrom<Conversion>(
    'epoch_s',
    'epoch_ms',
    'epoch_us',
    'julian_day',
    { time_zone: 'Europe/Berlin' },
    { date_format: 'YYYY-MM-DD' },
  ),
});

const changed = fc.record({
  type: fc.constantFrom(...TYPES),
  convert: fc.constantFrom<Conversion>('trim', 'empty_to_null', 'lower_case', 'text', {
    if_null: 1,
  }),
});

const policed = fc.record({
  type: fc.constantFrom(...TYPES),
  policies: fc.subarray<Policy>(['skip_row', 'truncate', 'round', 'strip_nul'], { minLength: 1 }),
});

const RUNS = 4000;

describe('facts of a column', () => {
  it('decide only where no value is refused and none is changed', () => {
    let decided = 0;
    fc.assert(
      fc.property(fc.oneof(column, converted, changed, policed), values, (under, given) => {
        const plan = planOf(under);
        if (!isDecided(plan, given)) return;
        decided += 1;
        expect(faultsOf(plan, given)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(decided).toBeGreaterThan(RUNS / 20);
  });

  it('are the same however the rows come together', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 5 }), (given, batch) => {
        expect(factsOf(given, batch)).toEqual(factsOf(given));
      }),
      { numRuns: 300 },
    );
  });

  it.each<readonly [string, TargetType, readonly SqliteValue[]]>([
    ['int2 at its limits', targetType('int2'), [-32768n, 0n, 32767n, null]],
    ['int4 at its limits', targetType('int4'), [-(2n ** 31n), 2n ** 31n - 1n]],
    ['int8 at its limits', targetType('int8'), [INT64_MIN, INT64_MAX]],
    ['float8', targetType('float8'), [1.5, -0, 5e-324, 2n ** 53n - 1n]],
    ['numeric', targetType('numeric'), [1.5, 12n, -0.001]],
    ['numeric(5,2)', numericOf(5, 2), [999.99, -999n, 0.5, -0, 1e2]],
    ['bool', targetType('bool'), [0n, 1n, null]],
    ['text', targetType('text'), ['', 'ß\n', -7n]],
    ['varchar(3)', lengthOf('varchar', 3), ['äöü', '😀', '"', -99n]],
    ['bytea', targetType('bytea'), [new Uint8Array([0, 255])]],
    ['uuid', targetType('uuid'), ['00000000-0000-4000-8000-00000000000f']],
    ['date', targetType('date'), ['2024-02-29', '2024-01-01T00:00:00Z']],
    [
      'timestamptz(3)',
      targetType('timestamptz', { modifier: 3 }),
      ['2024-02-29 23:59:59.123', '1969-01-01'],
    ],
    ['nothing at all', targetType('jsonb'), []],
  ])('decide for %s', (_, type, given) => {
    expect(isDecided(planOf({ type }), given)).toBe(true);
  });

  it.each<readonly [string, TargetType, readonly SqliteValue[]]>([
    ['one beyond int2', targetType('int2'), [1n, 32768n]],
    ['one below int4', targetType('int4'), [-(2n ** 31n) - 1n, 1n]],
    ['what a double does not hold', targetType('float8'), [2n ** 53n + 1n]],
    ['an infinite REAL', targetType('float8'), [1.5, Infinity]],
    ['a third decimal', numericOf(5, 2), [1.25, 1.255]],
    ['a fourth digit', numericOf(5, 2), [1000n]],
    ['an exponent', numericOf(5, 2), [1e-7]],
    ['2 in bool', targetType('bool'), [0n, 1n, 2n]],
    ['-1 in bool', targetType('bool'), [-1n]],
    ['U+0000', targetType('text'), ['a', '\u0000']],
    ['a fourth character', lengthOf('varchar', 3), ['abc', 'äöüß']],
    ['malformed text', targetType('text'), [new MalformedText(Uint8Array.of(255))]],
    ['a UUID in capitals', targetType('uuid'), ['00000000-0000-4000-8000-00000000000F']],
    ['a time in date', targetType('date'), ['2024-02-29', '2024-02-29 12:00']],
    ['no such day', targetType('date'), ['2023-02-29']],
    ['a fourth decimal', targetType('timestamp', { modifier: 3 }), ['2024-01-01 00:00:00.0001']],
    ['integers of no unit', targetType('timestamp'), [1n]],
    ['JSON', targetType('jsonb'), ['{}']],
  ])('leave %s undecided', (_, type, given) => {
    expect(isDecided(planOf({ type }), given)).toBe(false);
  });

  it('decide for integers of a unit, as far as its decimals are kept', () => {
    const moments = [1_700_000_000_123n, -1n, 0n];
    expect(isDecided(timestampOf(3, 'epoch_ms'), moments)).toBe(true);
    expect(isDecided(timestampOf(2, 'epoch_ms'), moments)).toBe(false);
    expect(isDecided(timestampOf(6, 'epoch_us'), [...moments, INT64_MAX])).toBe(true);
    expect(isDecided(timestampOf(6, 'epoch_s'), [...moments, INT64_MAX])).toBe(false);
  });

  it('decide nothing where NULL may not stand, or the mapping has a say', () => {
    const type = targetType('text');
    expect(isDecided(planOf({ type, notNull: true }), ['a', null])).toBe(false);
    expect(isDecided(planOf({ type, convert: 'trim' }), ['a'])).toBe(false);
    expect(isDecided(planOf({ type, policies: ['skip_row'] }), ['a'])).toBe(false);
  });

  it('say where integers lie, 0 left out, to the last digit', () => {
    expect(rangeOf([0n, 5n, -3n, 0n])).toEqual({ min: '-3', max: '5' });
    expect(rangeOf([0n])).toBeNull();
    expect(rangeOf([7n, INT64_MIN, INT64_MAX])).toEqual({
      min: `${INT64_MIN}`,
      max: `${INT64_MAX}`,
    });
    expect(rangeOf([2n ** 60n, 1n])).toEqual({ min: '1', max: `${2n ** 60n}` });
  });
});
