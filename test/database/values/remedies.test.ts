import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Misfit, type Converter } from '../../../scripts/lib/value/convert/converter.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { RUNS, castInPostgres, useConnection } from './held.ts';

const client = useConnection();

/** What becomes of a text when every policy that it needs is allowed; null when none helps. */
function remedied(convert: Converter, text: string): string | null {
  let result = convert(text);
  while (result instanceof Misfit && result.remedy !== undefined) result = result.remedy.apply();
  return result instanceof Misfit ? null : result;
}

const decimals = fc
  .tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -9, max: 2 }))
  .map(([mantissa, exponent]) => `${mantissa}e${exponent}`);

const timestamps = fc
  .tuple(
    fc.integer({ min: Date.UTC(1900, 0) / 1000, max: Date.UTC(2100, 0) / 1000 }),
    fc.oneof(fc.nat(999_999), fc.constantFrom(500_000, 500, 499_999, 999_500)),
  )
  .map(([seconds, micros]) =>
    new Date(seconds * 1000).toISOString().replace('.000Z', `.${String(micros).padStart(6, '0')}`),
  );
const clocks = timestamps.map((text) => text.slice(11));

const intervals = fc
  .tuple(
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: -300_000, max: 300_000 }),
    fc.oneof(fc.nat(999_999), fc.constant(500_000)),
  )
  .map(([months, days, seconds, micros]) => {
    const fraction = String(micros).padStart(6, '0');
    return `P${months}M${days}DT${seconds}.${fraction}S`;
  });

const words = fc.string({ unit: 'grapheme', maxLength: 9 }).filter((text) => !text.includes('\0'));

describe('what a policy makes of a value is what PostgreSQL makes of it', () => {
  it.each<[type: string, texts: fc.Arbitrary<string>]>([
    ['numeric(10,2)', decimals],
    ['numeric(3,-2)', decimals],
    ['numeric(4,6)', decimals],
    ['real', decimals],
    ['double precision', decimals],
    ['timestamp(0)', timestamps],
    ['timestamp(3)', timestamps],
    ['timestamptz(1)', timestamps.map((text) => `${text}+00`)],
    ['date', timestamps],
    ['time(0)', clocks],
    ['timetz(2)', clocks.map((text) => `${text}+00`)],
    ['interval(2)', intervals],
    ['interval year', intervals],
    ['interval month', intervals],
    ['interval year to month', intervals],
    ['interval day', intervals],
    ['interval day to hour', intervals],
    ['interval hour to minute', intervals],
    ['interval day to second(0)', intervals],
    ['varchar(4)', words],
    ['char(4)', words],
  ])('%s', async (type, texts) => {
    await client().query("SET TimeZone = 'UTC'");
    const { convert } = await createTargetColumn(client(), { type, read: 'v::text' });
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 20, maxLength: 60 }), async (batch) => {
        const mended = batch.map((text) => remedied(convert, text));
        const ours = await castInPostgres(
          client(),
          mended.filter((text) => text !== null),
          type,
        );
        const theirs = await castInPostgres(client(), batch, type);
        const held = mended.map((text) => (text === null ? null : (ours.shift() ?? null)));
        expect(batch.map((text, index) => [text, held[index]])).toEqual(
          batch.map((text, index) => [text, theirs[index]]),
        );
      }),
      RUNS,
    );
  });
});

describe('what is refused is what PostgreSQL would refuse or change', () => {
  it.each<[type: string, texts: fc.Arbitrary<string>]>([
    ['smallint', decimals.map((text) => String(Math.trunc(Number(text))))],
    ['numeric(10,2)', decimals],
    ['numeric(3,-2)', decimals],
    ['varchar(4)', words],
    [
      'macaddr',
      fc.constantFrom('08:00:2b:01:02:03', '08:00:2b:01:02', '0800.2b01', '8:0:2b:1:2:3'),
    ],
  ])('%s', async (type, texts) => {
    const { convert } = await createTargetColumn(client(), { type, read: 'v::text' });
    const isNumber = /^(smallint|numeric)/.test(type);
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 20, maxLength: 60 }), async (batch) => {
        const refused = batch.filter((text) => convert(text) instanceof Misfit);
        const held = await castInPostgres(client(), refused, type);
        const plain = isNumber ? await castInPostgres(client(), refused, 'numeric') : refused;
        for (const [index, text] of held.entries()) {
          if (text === null) continue;
          const same = isNumber ? Number(text) === Number(plain[index]) : text === plain[index];
          expect([refused[index], text, same]).toEqual([refused[index], text, false]);
        }
      }),
      RUNS,
    );
  });
});
