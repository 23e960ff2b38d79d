import { createHash } from 'node:crypto';
import type { Random } from '../model/random.ts';

const BASE = 36;
const FINGERPRINT = 'q7f2';

/**
 * An id of the form that Prisma's `cuid()` makes: `c`, the time, a counter, a fingerprint and a
 * random part; 25 characters. https://github.com/paralleldrive/cuid
 * @param createdAtMs milliseconds since 1970, between 1972 and 2059 (eight base-36 digits)
 */
export function cuid(random: Random, createdAtMs: number, counter: number): string {
  const time = createdAtMs.toString(BASE).padStart(8, '0');
  const count = (counter % BASE ** 4).toString(BASE).padStart(4, '0');
  const tail = (): string =>
    random
      .integer(0, BASE ** 4 - 1)
      .toString(BASE)
      .padStart(4, '0');
  return `c${time}${count}${FINGERPRINT}${tail()}${tail()}`;
}

/** A version 4 UUID in lower case, the same one for the same label. */
export function uuid(label: string): string {
  const hex = createHash('sha256').update(label).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
