import { TOKEN } from '../../artifact/scanned-rows.ts';
import { civilFromDays } from '../calendar.ts';
import type { ConversionContext, EpochUnit } from '../convert/converter.ts';
import type { ByteEncoder } from './byte-encoder.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ClockReader } from './clock-reader.ts';
import { EXACT_DIGITS, integerOf } from './integers.ts';

const BLANK = 0x20;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

/** Digits of a fraction of a second in each unit. */
export const UNIT_DECIMALS: Readonly<Record<EpochUnit, number>> = { s: 0, ms: 3, us: 6 };
const DAY_SECONDS = 86_400;

/** ISO 8601 text and integers in the column's unit into timestamp and timestamptz. */
export function timestampEncoder(
  withZone: boolean,
  decimals: number,
  context: ConversionContext,
): ByteEncoder {
  const readsText = context.dateFormat === null;
  const needsZone = context.timeZone !== 'UTC';
  const clock = new ClockReader();
  const numbers = epochWriter(context, decimals, false);
  return (bytes, kind, start, end, out) => {
    if (kind === TOKEN.text) {
      if (!readsText || !clock.read(bytes, start, end)) return false;
      if ((needsZone && !clock.hasZone) || clock.decimals > decimals) return false;
      out.copy(bytes, start, start + 10);
      clock.writeTime(bytes, start, out);
    } else if (kind !== TOKEN.integer || !numbers(bytes, start, end, out)) {
      return false;
    }
    if (withZone) writeUtc(out);
    return true;
  };
}

/** ISO 8601 text and integers in the column's unit that are midnight into date. */
export function dateEncoder(context: ConversionContext): ByteEncoder {
  const readsText = context.dateFormat === null;
  const clock = new ClockReader();
  const numbers = epochWriter(context, 0, true);
  return (bytes, kind, start, end, out) => {
    if (kind === TOKEN.integer) return numbers(bytes, start, end, out);
    if (kind !== TOKEN.text || !readsText) return false;
    if (!clock.read(bytes, start, end) || !clock.isMidnight) return false;
    out.copy(bytes, start, start + 10);
    return true;
  };
}

function writeUtc(out: ByteWriter): void {
  out.byte(PLUS);
  out.byte(ZERO);
  out.byte(ZERO);
}

type EpochWriter = (bytes: Uint8Array, start: number, end: number, out: ByteWriter) => boolean;

/** Writes integers that count from 1970, of the years 1 to 9999. */
function epochWriter(
  { timeUnit }: ConversionContext,
  decimals: number,
  isDate: boolean,
): EpochWriter {
  if (timeUnit === null || timeUnit === 'julian_day') return () => false;
  const unitDecimals = UNIT_DECIMALS[timeUnit];
  const perSecond = 10 ** unitDecimals;
  const perDay = DAY_SECONDS * perSecond;
  return (bytes, start, end, out) => {
    if (end - start > EXACT_DIGITS) return false;
    const value = integerOf(bytes, start, end);
    const days = Math.floor(value / perDay);
    const ofDay = value - days * perDay;
    if (isDate && ofDay !== 0) return false;
    if (!writeDay(days, out)) return false;
    if (isDate) return true;
    const seconds = Math.floor(ofDay / perSecond);
    writeClock(seconds, out);
    return writeFraction(ofDay - seconds * perSecond, unitDecimals, out) <= decimals;
  };
}

function writeDay(epochDays: number, out: ByteWriter): boolean {
  const { year, month, day } = civilFromDays(epochDays);
  if (year < 1 || year > 9999) return false;
  const century = Math.floor(year / 100);
  out.twoDigits(century);
  out.twoDigits(year - 100 * century);
  out.byte(HYPHEN);
  out.twoDigits(month);
  out.byte(HYPHEN);
  out.twoDigits(day);
  return true;
}

function writeClock(secondsOfDay: number, out: ByteWriter): void {
  const minutes = Math.floor(secondsOfDay / 60);
  const hours = Math.floor(minutes / 60);
  out.byte(BLANK);
  out.twoDigits(hours);
  out.byte(COLON);
  out.twoDigits(minutes - 60 * hours);
  out.byte(COLON);
  out.twoDigits(secondsOfDay - 60 * minutes);
}

/** Without zeros at its end; gives the number of decimals that are left. */
function writeFraction(fraction: number, digits: number, out: ByteWriter): number {
  let [value, decimals] = [fraction, digits];
  while (decimals > 0 && value % 10 === 0) {
    value /= 10;
    decimals -= 1;
  }
  if (decimals === 0) return 0;
  out.byte(POINT);
  for (let place = decimals - 1; place >= 0; place--) {
    out.bytes[out.position + place] = ZERO + (value % 10);
    value = Math.floor(value / 10);
  }
  out.position += decimals;
  return decimals;
}
