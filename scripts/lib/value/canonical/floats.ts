import { parseDecimal, type Decimal } from '../decimal.ts';
import { SAME, type CanonicalForm } from './form.ts';

/**
 * Floating-point numbers are written by their bits, in hexadecimal: which digits are the shortest is
 * told differently by different programs. Every NaN is one.
 */
function bitsOf(type: 'float4' | 'float8', value: string): string {
  const number = `CASE WHEN ${value} = 'NaN' THEN 'NaN' ELSE ${value} END`;
  return `pg_catalog.encode(pg_catalog.${type}send(${number}), 'hex')`;
}

export const float8Form: CanonicalForm = {
  ...SAME,
  sql: (value) => bitsOf('float8', value),
  text: (converted) => {
    const bits = Buffer.allocUnsafe(8);
    bits.writeDoubleBE(Number(converted));
    return bits.toString('hex');
  },
  show: (canonical) => shown(Buffer.from(canonical, 'hex').readDoubleBE()),
};

export const float4Form: CanonicalForm = {
  ...SAME,
  sql: (value) => bitsOf('float4', value),
  text: (converted) => {
    const bits = Buffer.allocUnsafe(4);
    bits.writeFloatBE(nearestSingle(converted));
    return bits.toString('hex');
  },
  show: (canonical) => shown(Buffer.from(canonical, 'hex').readFloatBE()),
};

function shown(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * The float4 nearest to a decimal number, rounded once, as PostgreSQL does: by way of a double alone,
 * a number just beside the middle between two floats would become the middle, and then the wrong one.
 */
function nearestSingle(text: string): number {
  const double = Number(text);
  const single = Math.fround(double);
  if (single === double || !Number.isFinite(single)) return single;
  const other = neighbour(single, double);
  if (Math.abs(double - single) !== Math.abs(other - double)) return single;
  const decimal = parseDecimal(text);
  const side = typeof decimal === 'string' ? 0 : compareExactly(decimal, double);
  if (side === 0) return single;
  return side > 0 ? Math.max(single, other) : Math.min(single, other);
}

/** The next float4 from one in the direction of a double beside it. */
function neighbour(single: number, towards: number): number {
  const bits = Buffer.allocUnsafe(4);
  bits.writeFloatBE(Math.abs(single));
  const isAway = Math.abs(towards) > Math.abs(single);
  bits.writeUInt32BE(bits.readUInt32BE() + (isAway ? 1 : -1));
  return Math.sign(towards) * bits.readFloatBE();
}

/** Below zero when the decimal is below the double; both are taken exactly. */
function compareExactly({ isNegative, digits, exponent }: Decimal, double: number): number {
  const size = BigInt(digits) * (isNegative ? -1n : 1n);
  const { mantissa, power } = partsOf(double);
  const left = size * 10n ** BigInt(Math.max(0, exponent)) * 2n ** BigInt(Math.max(0, -power));
  const right = mantissa * 2n ** BigInt(Math.max(0, power)) * 10n ** BigInt(Math.max(0, -exponent));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The double as `mantissa` × 2^`power`. */
function partsOf(double: number): { readonly mantissa: bigint; readonly power: number } {
  let mantissa = double;
  let power = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    power -= 1;
  }
  return { mantissa: BigInt(mantissa), power };
}
