import type { Random } from '../../model/random.ts';

const WORDS = [
  'amber', 'anchor', 'basket', 'billet', 'cargo', 'cedar', 'copper', 'crate', 'delay', 'depot',
  'duct', 'ember', 'ferry', 'fibre', 'flange', 'gasket', 'girder', 'grain', 'harbour', 'hinge',
  'iron', 'joint', 'kiln', 'ladder', 'lever', 'linen', 'marble', 'nickel', 'oak', 'pallet',
  'pinion', 'pulley', 'quarry', 'rivet', 'rope', 'sleeve', 'spindle', 'steel', 'timber', 'valve',
  // What a CSV has to quote, and what takes more than a byte.
  'cut, sawn', '12" pipe', 'Größe L', 'naïve', 'façade', '木材',
] as const; // prettier-ignore
const FIRST_DAY = Date.UTC(2019, 0, 1);
const DAY_MS = 86_400_000;
const DAYS = Array.from({ length: 2500 }, (_, day) =>
  new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10),
);

/** So many words, with blanks between them. */
export function words(random: Random, min: number, max: number): string {
  let text = random.pick(WORDS) as string;
  for (let left = random.integer(min, max); left > 1; left--) text += ` ${random.pick(WORDS)}`;
  return text;
}

/** An amount with two decimals, from 0 up to a bound. */
export function amount(random: Random, max: number): number {
  return random.integer(0, max * 100) / 100;
}

/** The number of a day between 2019 and 2025. */
export function dayNumber(random: Random): number {
  return random.integer(0, DAYS.length - 100);
}

/** `2024-01-31` @param day as {@link dayNumber} gives it, or up to 99 days later */
export function date(day: number): string {
  return DAYS[day] ?? '2019-01-01';
}

/** `2024-01-31 23:59:59` */
export function dateTime(random: Random, day: number): string {
  const part = (max: number): string => String(random.integer(0, max)).padStart(2, '0');
  return `${date(day)} ${part(23)}:${part(59)}:${part(59)}`;
}

/** A number with leading zeros behind a prefix, e.g. `CUST-000000042`. */
export function code(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(9, '0')}`;
}

/** `31-555-0123-4567` */
export function phone(random: Random): string {
  return `${random.integer(10, 99)}-${random.integer(100, 999)}-${random.integer(1000, 9999)}-${random.integer(1000, 9999)}`;
}
