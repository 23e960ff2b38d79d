import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { READ } from '../../support/readings.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { counterexampleOfPairs, useConnection } from './held.ts';

const client = useConnection();

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

/** Moments that a Date can hold and PostgreSQL too, in microseconds since 1970. */
const moment: fc.Arbitrary<bigint> = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: Date.UTC(-4713, 10, 25), max: 8.63e15 }),
      fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2100, 0) }),
      fc.integer({ min: -5000, max: 5000 }),
    ),
    fc.constantFrom(1n, 1000n, SECOND, 60n * SECOND, DAY),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([milliseconds, unit, microseconds]) => {
    const exact = BigInt(milliseconds) * 1000n + BigInt(microseconds);
    return exact - (((exact % unit) + unit) % unit);
  });

/** `YYYY-MM-DDTHH:MM:SS.ffffff` of a moment, by the calendar of JavaScript. */
function isoOf(micros: bigint): string {
  const ofMillisecond = ((micros % 1000n) + 1000n) % 1000n;
  const iso = new Date(Number((micros - ofMillisecond) / 1000n)).toISOString();
  return iso.replace('Z', String(ofMillisecond).padStart(3, '0'));
}

const offset = fc.integer({ min: -15 * 60 - 59, max: 15 * 60 + 59 });

function zoneOf(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** A moment and one of the texts that stand for it. */
const written = fc
  .tuple(moment, fc.option(offset), fc.constantFrom('T', ' '), fc.boolean(), fc.boolean())
  .map(([micros, minutes, separator, shortens, isZulu]) => {
    const local = isoOf(micros + BigInt(minutes ?? 0) * 60n * SECOND).replace('T', separator);
    const zone = minutes === null ? (isZulu ? 'Z' : '') : zoneOf(minutes);
    const short = local
      .replace(/\.?0+$/, '')
      .replace(/(:\d)$/, '$10')
      .replace(/(:|[T ]\d\d:)$/, '$100');
    const isShort = shortens && /[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(short);
    return [micros, `${isShort ? short : local}${zone}`] as const;
  });

describe('timestamps hold the moment that a text stands for', () => {
  it.each([
    ['timestamptz', 1n],
    ['timestamp', 1n],
    ['timestamptz(3)', 1000n],
    ['timestamp(0)', SECOND],
  ])('%s', async (type, unit) => {
    const column = await createTargetColumn(client(), { type, read: READ.microseconds });
    expect(
      await counterexampleOfPairs(column, written, (micros) =>
        micros % unit === 0n ? String(micros) : null,
      ),
    ).toBeNull();
  });
});

describe('timestamps hold the moment that a number counts to', () => {
  it.each([
    ['s', SECOND],
    ['ms', 1000n],
    ['us', 1n],
  ] as const)('%s', async (timeUnit, unit) => {
    const column = await createTargetColumn(client(), {
      type: 'timestamptz',
      read: READ.microseconds,
      context: { timeUnit, readsNumericText: true },
    });
    const integer = moment.map((micros) => {
      const count = micros / unit;
      return [count * unit, count] as const;
    });
    const text = moment.map((micros): readonly [bigint, NonNullValue] => {
      const size = String(micros < 0n ? -micros : micros).padStart(8, '0');
      const cut = size.length - String(unit).length + 1;
      const fraction = unit === 1n ? '' : `.${size.slice(cut)}`;
      return [micros, `${micros < 0n ? '-' : ''}${size.slice(0, cut)}${fraction}`];
    });
    const real = fc
      .integer({ min: -4e9, max: 4e9 })
      .map((thousandths): readonly [bigint, number] => [
        (BigInt(thousandths) * unit) / (unit === 1n ? 1n : 1000n),
        unit === 1n ? thousandths : thousandths / 1000,
      ]);
    expect(
      await counterexampleOfPairs<bigint, NonNullValue>(
        column,
        fc.oneof(integer, text, real),
        String,
      ),
    ).toBeNull();
  });
});

it('a date holds the day of a midnight, and no other time', async () => {
  const column = await createTargetColumn(client(), { type: 'date', read: READ.days });
  expect(
    await counterexampleOfPairs(column, written, (micros) =>
      micros % DAY === 0n ? String(micros / DAY) : null,
    ),
  ).toBeNull();
});

it('a time holds the clock', async () => {
  const column = await createTargetColumn(client(), { type: 'time(3)', read: READ.microseconds });
  const clocks = fc
    .tuple(fc.bigInt({ min: 0n, max: DAY - 1n }), fc.constantFrom(1n, 1000n, SECOND))
    .map(([micros, unit]) => {
      const exact = micros - (micros % unit);
      return [exact, isoOf(exact).slice(11)] as const;
    });
  expect(
    await counterexampleOfPairs(column, clocks, (micros) =>
      micros % 1000n === 0n ? String(micros) : null,
    ),
  ).toBeNull();
});
