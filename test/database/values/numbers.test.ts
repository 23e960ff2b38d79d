import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READ } from '../../support/readings.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { anyNumber, nonNull } from './arbitraries.ts';
import { counterexample, useConnection } from './held.ts';
import {
  isSameNumber,
  statedBoolean,
  statedFloat,
  statedInteger,
  statedNumeric,
} from './statements.ts';

const client = useConnection();

describe('whatever SQLite holds, a column of numbers holds the same number or the value is refused', () => {
  it.each([
    ['smallint', 16],
    ['integer', 32],
    ['bigint', 64],
  ])('%s', async (type, bits) => {
    const column = await createTargetColumn(client(), { type, read: READ.text });
    expect(
      await counterexample(column, anyNumber, (value) => statedInteger(value, bits)),
    ).toBeNull();
  });

  it.each([
    ['double precision', 64, READ.double],
    ['real', 32, READ.single],
  ] as const)('%s', async (type, size, read) => {
    const column = await createTargetColumn(client(), { type, read });
    expect(
      await counterexample(column, anyNumber, (value) => {
        const stated = statedFloat(value, size);
        const bytes = Buffer.alloc(size / 8);
        if (size === 64) bytes.writeDoubleBE(stated ?? 0);
        else bytes.writeFloatBE(stated ?? 0);
        return stated === null ? null : bytes.toString('hex');
      }),
    ).toBeNull();
  });

  it.each([
    ['numeric', null],
    ['numeric(10,2)', { precision: 10, scale: 2 }],
    ['numeric(3,-2)', { precision: 3, scale: -2 }],
    ['numeric(4,6)', { precision: 4, scale: 6 }],
  ])('%s', async (type, limits) => {
    const column = await createTargetColumn(client(), { type, read: READ.text });
    const nearLimits = fc
      .tuple(fc.integer({ min: -11_000, max: 11_000 }), fc.integer({ min: -7, max: 3 }))
      .map(([mantissa, exponent]) => `${mantissa}e${exponent}`);
    expect(
      await counterexample(column, fc.oneof(anyNumber, nearLimits), (value, held) => {
        const stated = statedNumeric(value, limits);
        return stated !== null && isSameNumber(held ?? '', stated) ? held : stated;
      }),
    ).toBeNull();
  });

  it('boolean', async () => {
    const column = await createTargetColumn(client(), { type: 'boolean', read: READ.text });
    const words = fc.mixedCase(
      fc.constantFrom('true', 'false', 't', 'f', 'yes', 'no', 'y', 'n', 'on', 'off', '0', '1'),
    );
    const values = fc.oneof(nonNull, words, fc.bigInt({ min: -2n, max: 2n }));
    expect(await counterexample(column, values, statedBoolean)).toBeNull();
  });
});
