/** A length of time, in the three parts that PostgreSQL keeps apart: no month has a fixed number of days. */
export interface Duration {
  readonly months: bigint;
  readonly days: bigint;
  /** The clock's part, in seconds × 10^-`decimals`. */
  readonly time: bigint;
  readonly decimals: number;
}

const COUNT = String.raw`([+-]?\d+)`;
const ISO = new RegExp(
  `^P(?=.)(?:${COUNT}Y)?(?:${COUNT}M)?(?:${COUNT}W)?(?:${COUNT}D)?` +
    String.raw`(?:T(?=.)(?:${COUNT}H)?(?:${COUNT}M)?(?:([+-]?)(\d+)(?:\.(\d+))?S)?)?$`,
);
const CLOCK = /^([+-]?)(\d+):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?$/;
const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/;

interface Unit {
  readonly field: string;
  readonly months: bigint;
  readonly days: bigint;
  readonly seconds: bigint;
}

const MONTH = { months: 1n, days: 0n, seconds: 0n };
const MINUTE = { months: 0n, days: 0n, seconds: 60n };
const SECOND = { months: 0n, days: 0n, seconds: 1n };

/** What a word in the singular stands for. */
const UNITS: ReadonlyMap<string, Unit> = new Map([
  ['year', { field: 'year', months: 12n, days: 0n, seconds: 0n }],
  ['month', { field: 'month', ...MONTH }],
  ['mon', { field: 'month', ...MONTH }],
  ['week', { field: 'week', months: 0n, days: 7n, seconds: 0n }],
  ['day', { field: 'day', months: 0n, days: 1n, seconds: 0n }],
  ['hour', { field: 'hour', months: 0n, days: 0n, seconds: 3600n }],
  ['minute', { field: 'minute', ...MINUTE }],
  ['min', { field: 'minute', ...MINUTE }],
  ['second', { field: 'second', ...SECOND }],
  ['sec', { field: 'second', ...SECOND }],
]);

/**
 * Reads an ISO 8601 duration (`P1DT2H`), or words as PostgreSQL writes them (`1 year 2 mons -3 days
 * 04:05:06.7`). Each part may have a sign, only seconds may have a fraction.
 *
 * Source: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT
 *
 * @returns null when the text is neither
 */
export function parseDuration(text: string): Duration | null {
  const iso = ISO.exec(text);
  return iso === null ? parseWords(text) : ofIso(iso);
}

function ofIso(match: RegExpExecArray): Duration {
  const [years, months, weeks, days, hours, minutes] = match
    .slice(1, 7)
    .map((count) => BigInt(count ?? 0));
  const [sign = '', seconds = '0', fraction = ''] = match.slice(7);
  const time = secondsOf(sign, seconds, fraction);
  const wholeSeconds = (hours ?? 0n) * 3600n + (minutes ?? 0n) * 60n;
  return {
    months: (years ?? 0n) * 12n + (months ?? 0n),
    days: (weeks ?? 0n) * 7n + (days ?? 0n),
    time: time.time + wholeSeconds * 10n ** BigInt(time.decimals),
    decimals: time.decimals,
  };
}

function parseWords(text: string): Duration | null {
  const words = text.split(/,? /);
  const clock = words.at(-1)?.includes(':') === true ? words.pop() : undefined;
  const parts: (Part | null)[] = [];
  for (let index = 0; index < words.length; index += 2) {
    parts.push(readPair(words[index] ?? '', words[index + 1] ?? ''));
  }
  if (clock !== undefined) parts.push(readClock(clock));
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length || hasTwice(known)) return null;
  return known.map(({ duration }) => duration).reduce(sum);
}

interface Part {
  /** Which fields it sets; no two parts may set one. */
  readonly fields: readonly string[];
  readonly duration: Duration;
}

function readPair(count: string, word: string): Part | null {
  const match = NUMBER.exec(count);
  const unit = UNITS.get(word.replace(/s$/, ''));
  if (match === null || unit === undefined) return null;
  const [, sign = '', digits = '', fraction = ''] = match;
  if (fraction !== '' && unit.field !== 'second') return null;
  const { field, months, days, seconds } = unit;
  const { time, decimals } = secondsOf(sign, digits, fraction);
  const duration = { months: months * time, days: days * time, time: seconds * time, decimals };
  return { fields: [field], duration };
}

function readClock(text: string): Part | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  const [, sign = '', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds);
  const { time, decimals } = secondsOf(sign, String(whole), fraction);
  const duration = { months: 0n, days: 0n, time, decimals };
  return { fields: ['hour', 'minute', 'second'], duration };
}

function secondsOf(
  sign: string,
  whole: string,
  fraction: string,
): Pick<Duration, 'time' | 'decimals'> {
  const size = BigInt(whole + fraction);
  return { time: sign === '-' ? -size : size, decimals: fraction.length };
}

function hasTwice(parts: readonly Part[]): boolean {
  const fields = parts.flatMap((part) => part.fields);
  return new Set(fields).size < fields.length;
}

function sum(a: Duration, b: Duration): Duration {
  const decimals = Math.max(a.decimals, b.decimals);
  return {
    months: a.months + b.months,
    days: a.days + b.days,
    time: rescaled(a, decimals) + rescaled(b, decimals),
    decimals,
  };
}

function rescaled({ time, decimals }: Duration, to: number): bigint {
  return time * 10n ** BigInt(to - decimals);
}

/** The clock's part in units of `unitSeconds` × 10^-`decimals`; what is below one unit is `isExact: false`. */
export function timeIn(
  { time, decimals }: Duration,
  unitSeconds: bigint,
  unitDecimals: number,
): { readonly truncated: bigint; readonly rounded: bigint; readonly isExact: boolean } {
  const numerator = time * 10n ** BigInt(unitDecimals);
  const unit = unitSeconds * 10n ** BigInt(decimals);
  const truncated = numerator / unit;
  const rest = numerator % unit;
  const size = rest < 0n ? -rest : rest;
  // Halves away from zero, as PostgreSQL rounds intervals.
  const step = size * 2n < unit ? 0n : rest < 0n ? -1n : 1n;
  return { truncated, rounded: truncated + step, isExact: rest === 0n };
}

/** Whether PostgreSQL's interval holds so much. */
export function isWithinInterval({ months, days }: Duration, microseconds: bigint): boolean {
  return isWithin(months, 32) && isWithin(days, 32) && isWithin(microseconds, 64);
}

function isWithin(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

/**
 * As an ISO 8601 duration, which PostgreSQL reads alike in every IntervalStyle. Hours and minutes
 * are apart, so that seconds stay short enough for the server to read exactly.
 */
export function formatDuration(months: bigint, days: bigint, microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = abs(microseconds % 1_000_000n);
  const sign = microseconds % 60_000_000n < 0n ? '-' : '';
  const decimals = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`;
  const clock = [
    [seconds / 3600n, 'H'],
    [(seconds / 60n) % 60n, 'M'],
  ].map(([count, letter]) => (count === 0n ? '' : `${count}${letter}`));
  const last = `${sign}${abs(seconds % 60n)}${decimals}S`;
  const date = [
    [months, 'M'],
    [days, 'D'],
  ].map(([count, letter]) => (count === 0n ? '' : `${count}${letter}`));
  return `P${date.join('')}T${clock.join('')}${last}`;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
