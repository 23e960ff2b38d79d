import { parseDuration, timeIn } from '../duration.ts';

/**
 * An interval as PostgreSQL writes it with `IntervalStyle` iso_8601: each of its three parts split
 * towards zero.
 *
 * Source: EncodeInterval in PostgreSQL's utils/adt/datetime.c
 */
export function intervalText(converted: string): string {
  const duration = parseDuration(converted);
  if (duration === null) throw new Error(`a converter wrote the interval ${converted}`);
  const { months, days } = duration;
  const microseconds = timeIn(duration, 1n, 6).truncated;
  const seconds = microseconds / 1_000_000n;
  const date = parts([
    [months / 12n, 'Y'],
    [months % 12n, 'M'],
    [days, 'D'],
  ]);
  const clock =
    parts([
      [seconds / 3600n, 'H'],
      [(seconds / 60n) % 60n, 'M'],
    ]) + secondsPart(microseconds % 60_000_000n);
  if (clock === '') return date === '' ? 'PT0S' : `P${date}`;
  return `P${date}T${clock}`;
}

function parts(counts: readonly (readonly [count: bigint, letter: string])[]): string {
  return counts.map(([count, letter]) => (count === 0n ? '' : `${count}${letter}`)).join('');
}

function secondsPart(microseconds: bigint): string {
  if (microseconds === 0n) return '';
  const size = microseconds < 0n ? -microseconds : microseconds;
  const fraction = String(size % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const decimals = fraction === '' ? '' : `.${fraction}`;
  return `${microseconds < 0n ? '-' : ''}${size / 1_000_000n}${decimals}S`;
}
