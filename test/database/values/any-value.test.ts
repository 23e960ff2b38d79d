import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTargetColumn } from '../../support/target-column.ts';
import { anyText } from '../../support/values.ts';
import { anyNumber } from './arbitraries.ts';
import { counterexample, useConnection } from './held.ts';

const client = useConnection();

/** Of these types it is only tried that PostgreSQL takes what is not refused. */
const TYPES = [
  ...['timestamptz(3)', 'timestamp', 'date', 'time(0)', 'timetz', 'interval'].flatMap((type) =>
    (['s', 'ms', 'us', 'julian_day'] as const).map((timeUnit) => ({ type, timeUnit })),
  ),
  ...['macaddr', 'inet', 'cidr', 'jsonb[]', 'timestamptz[]', 'bytea[]', 'real[]', 'boolean[]'].map(
    (type) => ({ type, timeUnit: null }),
  ),
];

describe('PostgreSQL takes what the converter makes of any value', () => {
  it.each(TYPES)('$type, numbers of times in $timeUnit', async ({ type, timeUnit }) => {
    const column = await createTargetColumn(client(), {
      type,
      read: 'v IS NOT NULL',
      context: { timeUnit, readsNumericText: timeUnit !== null },
    });
    const values = fc.oneof(anyNumber, anyText, fc.json());
    expect(
      await counterexample(column, values, (_value, held) => (held === null ? null : 'true')),
    ).toBeNull();
  });
});
