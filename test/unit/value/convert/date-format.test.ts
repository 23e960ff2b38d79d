import { describe, expect, it } from 'vitest';
import { parseDateFormat } from '../../../../scripts/lib/value/convert/date-format.ts';

/** What a pattern reads out of a text: day, microseconds, what is finer, offset. */
function read(pattern: string, text: string): unknown {
  const format = parseDateFormat(pattern);
  if (typeof format === 'string') throw new Error(format);
  const found = format.read(text);
  if (found === null || typeof found === 'string') return found;
  return [found.epochDays, found.microseconds, found.excess, found.offsetSeconds];
}

const DAY = Date.UTC(2024, 0, 31) / 86_400_000;
const SECOND = 1_000_000;

describe('a date format', () => {
  it.each([
    ['DD.MM.YYYY', '31.01.2024', [DAY, null, '', null]],
    ['DD.MM.YYYY HH:mm', '31.01.2024 12:30', [DAY, 45_000 * SECOND, '', null]],
    ['M/D/YYYY', '1/31/2024', [DAY, null, '', null]],
    ['M/D/YYYY', '01/31/2024', [DAY, null, '', null]],
    ['YYYYMMDDHHmmss', '20240131000001', [DAY, SECOND, '', null]],
    ['YYYY-MM-DD[T]H:mm:ss.SSS', '2024-01-31T1:00:00.500', [DAY, 3_600.5 * SECOND, '', null]],
    ['YYYY-MM-DD HH:mm:ss.SSSSSSSSS', '2024-01-31 00:00:00.123456789', [DAY, 123_456, '789', null]],
    ['YYYY-MM-DD HH:mm Z', '2024-01-31 00:00 +01:00', [DAY, 0, '', 3600]],
    ['YYYY-MM-DD HH:mmZZ', '2024-01-31 00:00-0130', [DAY, 0, '', -5400]],
    ['YYYY-MM-DD HH:mmZZ', '2024-01-31 00:00Z', [DAY, 0, '', 0]],
    ['[on] D.M.YYYY', 'on 31.1.2024', [DAY, null, '', null]],
    ['HH:mm', '24:00', [null, 86_400 * SECOND, '', null]],
    ['YYYY/MM/DD (HH.mm)', '2024/01/31 (00.00)', [DAY, 0, '', null]],
  ])('%s reads %s', (pattern, text, found) => {
    expect(read(pattern, text)).toEqual(found);
  });

  it.each([
    ['DD.MM.YYYY', '1.01.2024'],
    ['DD.MM.YYYY', '31.01.24'],
    ['DD.MM.YYYY', '31.01.2024 '],
    ['DD.MM.YYYY', '31-01-2024'],
    ['DD.MM.YYYY', '31x01x2024'],
    ['HH:mm Z', '12:00 +0100'],
    ['HH:mm ZZ', '12:00 +01:00'],
    ['HH:mm:ss.SSS', '12:00:00.5'],
  ])('%s does not read %j', (pattern, text) => {
    expect(read(pattern, text)).toBeNull();
  });

  it.each([
    ['DD.MM.YYYY', '31.02.2024'],
    ['MM/DD/YYYY', '31/01/2024'],
    ['HH:mm', '25:00'],
    ['HH:mm:ss', '12:00:60'],
  ])('%s finds no such day or time in %s', (pattern, text) => {
    expect(read(pattern, text)).toBe('no-such-time');
  });

  it.each([
    ['', 'has no part of a date or time'],
    ['-', 'has no part of a date or time'],
    ['DD.MM', 'has a day, and no year'],
    ['YYYY', 'has a year, and no month'],
    ['HH', 'has a hour, and no minute'],
    ['YYYY-MM-DD Z', 'has a offset, and no hour'],
    ['YYYY-MM-DD DD', 'has two days'],
    ['DD.MM.YY', 'has Y, which stands for nothing'],
    ['YYYY-MM-DDTHH:mm', 'has T, which stands for nothing'],
    ['YYYY-MM-DD hh:mm A', 'has h, which stands for nothing'],
    ['[on DD.MM.YYYY', 'has a [ without a ]'],
  ])('%j is refused', (pattern, fault) => {
    expect(parseDateFormat(pattern)).toContain(fault);
  });
});
