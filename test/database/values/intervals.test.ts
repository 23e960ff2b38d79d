import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { READ, sentInterval } from '../../support/readings.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { counterexampleOfPairs, useConnection } from './held.ts';

const client = useConnection();

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

/** `[-]HH:MM:SS.ffffff` */
function clockOf(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const parts = [size / (3600n * SECOND), (size / (60n * SECOND)) % 60n, (size / SECOND) % 60n];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${micros < 0n ? '-' : ''}${clock}.${String(size % SECOND).padStart(6, '0')}`;
}

describe('an interval', () => {
  const months = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const time = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -DAY, max: DAY }),
  );

  const parts = fc.tuple(months, months, time);
  const words = parts.map(([monthCount, days, micros]) => {
    const years = Math.trunc(monthCount / 12);
    return [
      sentInterval(monthCount, days, micros),
      `${years} years ${monthCount % 12} mons ${days} days ${clockOf(micros)}`,
    ] as const;
  });
  const iso = parts.map(([monthCount, days, micros]) => {
    const sign = micros < 0n ? '-' : '';
    const [hours, minutes, seconds] = clockOf(micros).replace('-', '').split(':');
    const clock = `${sign}${hours}H${sign}${minutes}M${sign}${seconds}S`;
    return [sentInterval(monthCount, days, micros), `P${monthCount}M${days}DT${clock}`] as const;
  });
  const numbers = time.map((micros) => [sentInterval(0, 0, micros), micros] as const);

  it('holds months, days and microseconds apart', async () => {
    const column = await createTargetColumn(client(), {
      type: 'interval',
      read: READ.interval,
      context: { timeUnit: 'us' },
    });
    expect(
      await counterexampleOfPairs<string, NonNullValue>(
        column,
        fc.oneof(words, iso, numbers),
        (bytes) => bytes,
      ),
    ).toBeNull();
  });
});
