import type Database from 'better-sqlite3';
import type {
  BlobCensus,
  ColumnCensus,
  IntegerCensus,
  RealCensus,
  TextCensus,
} from '../../scripts/lib/model/census.ts';
import type { SourceEncoding } from '../../scripts/lib/model/source-catalog.ts';

type Value = null | bigint | number | string | Buffer;

/** What a census must say of every column: from the rows as better-sqlite3 reads them, by the plainest means. */
export function countByHand(
  db: Database.Database,
  table: string,
  encoding: SourceEncoding,
): Record<string, ColumnCensus> {
  const names = db
    .prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?)')
    .pluck()
    .all(table);
  return Object.fromEntries(
    names.map((name) => {
      const select = `SELECT "${name.replaceAll('"', '""')}" FROM "${table.replaceAll('"', '""')}"`;
      const values = db.prepare<[], Value>(select).safeIntegers().pluck().all();
      return [name, countValues(values, encoding)];
    }),
  );
}

function countValues(values: readonly Value[], encoding: SourceEncoding): ColumnCensus {
  const integers = values.filter((value) => typeof value === 'bigint');
  const reals = values.filter((value) => typeof value === 'number');
  const texts = values.filter((value) => typeof value === 'string');
  const blobs = values.filter((value) => Buffer.isBuffer(value));
  return {
    nulls: values.filter((value) => value === null).length,
    integers: integers.length === 0 ? null : countIntegers(integers),
    reals: reals.length === 0 ? null : countReals(reals),
    texts: texts.length === 0 ? null : countTexts(texts, encoding),
    blobs: blobs.length === 0 ? null : countBlobs(blobs),
  };
}

function countIntegers(integers: readonly bigint[]): IntegerCensus {
  const sorted = integers.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [minimum = 0n] = sorted;
  const maximum = sorted.at(-1) ?? 0n;
  return {
    count: integers.length,
    minimum: String(minimum),
    maximum: String(maximum),
    zeroOrOne: integers.filter((integer) => integer === 0n || integer === 1n).length,
    epoch: epochOf(minimum, maximum),
  };
}

function epochOf(minimum: bigint, maximum: bigint): IntegerCensus['epoch'] {
  const units = { s: 1000, ms: 1, us: 0.001 } as const;
  for (const unit of ['s', 'ms', 'us'] as const) {
    // Exact enough: the edges are whole seconds, and doubles hold microseconds of these years.
    const [first, last] = [minimum, maximum].map((value) => Number(value) * units[unit]);
    const isLate = (last ?? 0) >= Date.UTC(1990, 0) && (last ?? 0) < Date.UTC(2200, 0);
    if (isLate && (first ?? 0) >= Date.UTC(1900, 0)) return unit;
  }
  return null;
}

function countReals(reals: readonly number[]): RealCensus {
  const finite = reals.filter((real) => Number.isFinite(real));
  const decimals = finite.filter(
    (real) =>
      !Number.isInteger(real) &&
      Math.abs(real) >= 2.3e-308 &&
      Number(real.toPrecision(15)) === real,
  );
  return {
    count: reals.length,
    minimum: String(Math.min(...reals)),
    maximum: String(Math.max(...reals)),
    infinite: reals.length - finite.length,
    whole: finite.filter((real) => Number.isInteger(real)).length,
    decimals: decimals.length,
    mostDecimals: Math.max(0, ...decimals.map(decimalsOf)),
  };
}

function decimalsOf(real: number): number {
  const [, fraction = '', exponent = '0'] =
    /^-?\d+(?:\.(\d+))?(?:e(.+))?$/.exec(String(real)) ?? [];
  return fraction.length - Number(exponent);
}

function countTexts(texts: readonly string[], encoding: SourceEncoding): TextCensus {
  const plain = texts.filter((text) => !text.includes('\u0000'));
  const count = (test: (text: string) => boolean): number => plain.filter(test).length;
  const matching = (pattern: RegExp): string[] => plain.filter((text) => pattern.test(text));
  const integers = matching(/^(?:0|-?[1-9][0-9]*)$/);
  const decimals = matching(/^-?(?:0|[1-9][0-9]*)\.[0-9]+$/);
  const parts = [...integers, ...decimals].map((text) => text.replace('-', '').split('.'));
  const bytesOf = (text: string): number =>
    Buffer.byteLength(text, encoding === 'UTF-8' ? 'utf8' : 'utf16le');
  return {
    count: texts.length,
    empty: count((text) => text === ''),
    withNul: texts.length - plain.length,
    longestCharacters: Math.max(...texts.map((text) => Array.from(text).length)),
    longestBytes: Math.max(...texts.map(bytesOf)),
    jsonObjects: count((text) => isJson(text, '{')),
    jsonArrays: count((text) => isJson(text, '[')),
    jsonScalars: count((text) => isJson(text, '"') || text === 'null'),
    dates: count((text) => timeForm(text) === 'date'),
    timesWithZone: count((text) => timeForm(text) === 'zone'),
    timesWithoutZone: count((text) => timeForm(text) === 'no zone'),
    timesOfDay: count((text) => timeForm(text) === 'clock'),
    uuids: matching(UUID).length,
    integers: integers.length,
    decimals: decimals.length,
    booleans: matching(/^(?:true|t|yes|false|f|no)$/i).length,
    mostDigits: Math.max(0, ...parts.map(([whole = '']) => whole.length)),
    mostDecimals: Math.max(0, ...parts.map(([, fraction = '']) => fraction.length)),
  };
}

const UUID =
  /^(?:[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}|\{[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}\}|urn:uuid:[0-9a-f]{4}(?:-?[0-9a-f]{4}){7})$/i;

function isJson(text: string, first: string): boolean {
  try {
    JSON.parse(text);
    return text.trimStart().startsWith(first);
  } catch {
    return false;
  }
}

const DAY = /^(?<year>\d{4}|[+-]\d{6})-(?<month>\d\d)-(?<day>\d\d)(?=$|[T ])/;
const CLOCK =
  /^(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d+))?)?(?<zone>\s?(?:Z|z|[+-](?<offset>\d\d(?::?\d\d(?::\d\d)?)?)))?$/;

function timeForm(text: string): 'date' | 'zone' | 'no zone' | 'clock' | null {
  const day = DAY.exec(text);
  if (day !== null && !isDay(day.groups ?? {})) return null;
  const rest = day === null ? text : text.slice(day[0].length);
  if (day !== null && rest === '') return 'date';
  const clock = CLOCK.exec(day === null ? rest : rest.slice(1));
  if (clock === null || !isClock(clock.groups ?? {})) return null;
  if (day === null) return 'clock';
  return clock.groups?.['zone'] === undefined ? 'no zone' : 'zone';
}

type Groups = Record<string, string | undefined>;

function isDay({ year = '', month, day }: Groups): boolean {
  if (year === '-000000') return false;
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1] ?? 0;
  return Number(day) >= 1 && Number(day) <= days;
}

function isClock({ hour, minute, second = '0', fraction = '', offset = '00' }: Groups): boolean {
  const [hours = 0, ...others] = (offset.match(/\d\d/g) ?? []).map(Number);
  if (hours > 15 || others.some((part) => part > 59)) return false;
  if (Number(minute) > 59 || Number(second) > 59) return false;
  const beyond = Number(minute) + Number(second) + Number(fraction);
  return Number(hour) < 24 || (Number(hour) === 24 && beyond === 0);
}

function countBlobs(blobs: readonly Buffer[]): BlobCensus {
  const lengths = blobs.map(({ length }) => length);
  return {
    count: blobs.length,
    shortestBytes: Math.min(...lengths),
    longestBytes: Math.max(...lengths),
  };
}
